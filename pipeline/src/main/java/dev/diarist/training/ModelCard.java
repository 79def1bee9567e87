package dev.diarist.training;

import java.util.List;
import java.util.Locale;

/**
 * Describes a trained segmentation network in Markdown, in the layout of the cards that Hugging
 * Face's trainer writes.
 *
 * @param name of the model
 * @param baseModel what it was fine-tuned from; null where it was trained from nothing
 * @param teacher whose answers it learnt; null where it learnt the annotation
 * @param datasets names of what it was trained on
 * @param license of the model, as the hub abbreviates it; null where it is not said
 * @param versions name and version of what trained it, such as {@code Diarist 1.0}
 */
public record ModelCard(
    String name,
    String baseModel,
    String teacher,
    List<String> datasets,
    String license,
    TrainingSettings settings,
    TrainingLog log,
    List<String> versions) {

  /** The whole card. */
  public String markdown() {
    return header() + introduction() + settingsList() + table() + framework();
  }

  private String header() {
    StringBuilder yaml = new StringBuilder("---\n");
    if (license != null) {
      yaml.append("license: ").append(quoted(license)).append('\n');
    }
    if (baseModel != null) {
      yaml.append("base_model: ").append(quoted(baseModel)).append('\n');
    }
    yaml.append("datasets:\n");
    datasets.forEach(dataset -> yaml.append("- ").append(quoted(dataset)).append('\n'));
    yaml.append("tags:\n- speaker-diarization\n- speaker-segmentation\n- generated_from_trainer\n");
    yaml.append("model-index:\n- name: ").append(quoted(name)).append("\n  results: []\n---\n\n");
    return yaml.toString();
  }

  private String introduction() {
    StringBuilder text = new StringBuilder("# " + name + "\n\n");
    String origin = baseModel == null ? "was trained" : "is a fine-tuned version of " + baseModel;
    String learnt = teacher == null ? "" : " to answer as %s does".formatted(teacher);
    text.append("This model %s%s on %s.\n".formatted(origin, learnt, String.join(", ", datasets)));
    TrainingLog.EpochRow best = log.best();
    DevelopmentFigures figures = best.development();
    if (figures != null) {
      text.append("It achieves the following results on the evaluation set, after epoch ")
          .append(best.epoch())
          .append(":\n");
      text.append(item("Loss", figures.loss()));
      text.append(item("Der", figures.der()));
      text.append(item("False Alarm", figures.falseAlarm()));
      text.append(item("Missed Detection", figures.missed()));
      text.append(item("Confusion", figures.confusion()));
    }
    return text.append('\n').toString();
  }

  private static String item(String title, double value) {
    return "- %s: %s\n".formatted(title, rounded(value));
  }

  private String settingsList() {
    return """
    ## Training procedure

    ### Training hyperparameters

    The following hyperparameters were used during training:
    - learning_rate: %s
    - train_batch_size: %d
    - eval_batch_size: %d
    - seed: %d
    - optimizer: Adam with betas=(0.9,0.999) and epsilon=1e-08
    - lr_scheduler_type: %s
    - lr_scheduler_warmup_steps: %d
    - num_epochs: %d
    - max_grad_norm: %s
    - lstm_dropout: %s
    - sampling: %s
    - frozen: %s

    """
        .formatted(
            settings.learningRate(),
            settings.batch(),
            settings.batch(),
            settings.seed(),
            settings.schedule(),
            settings.warmUpSteps(),
            settings.epochs(),
            settings.largestNorm(),
            settings.dropout(),
            settings.sampling().samplingName(),
            settings.frozen().isEmpty() ? "nothing" : String.join(" ", settings.frozen()));
  }

  private String table() {
    StringBuilder table = new StringBuilder("### Training results\n\n");
    table.append(
        "| Training Loss | Epoch | Step | Validation Loss | Der | False Alarm | Missed Detection |"
            + " Confusion |\n");
    table.append("|:---:|:---:|:---:|:---:|:---:|:---:|:---:|:---:|\n");
    for (TrainingLog.EpochRow row : log.epochs()) {
      DevelopmentFigures f = row.development();
      if (row.epoch() == 0 && f == null) {
        continue;
      }
      String loss = row.epoch() == 0 ? "No log" : rounded(row.trainingLoss());
      table.append("| %s | %d | %d |".formatted(loss, row.epoch(), row.step()));
      table.append(
          f == null
              ? " | | | | |\n"
              : " %s | %s | %s | %s | %s |\n"
                  .formatted(
                      rounded(f.loss()),
                      rounded(f.der()),
                      rounded(f.falseAlarm()),
                      rounded(f.missed()),
                      rounded(f.confusion())));
    }
    return table.append('\n').toString();
  }

  private String framework() {
    StringBuilder text = new StringBuilder("### Framework versions\n\n");
    versions.forEach(version -> text.append("- ").append(version).append('\n'));
    return text.toString();
  }

  /** Four decimals, as the cards of the hub have them. */
  private static String rounded(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  /** A YAML scalar in double quotes, in which nothing has a meaning of its own. */
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
