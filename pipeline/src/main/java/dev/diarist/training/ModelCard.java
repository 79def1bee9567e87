package dev.diarist.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a reader should know of a fine-tuned network, as Markdown in the layout of the cards that
 * transformers writes, such as that of JSWOOK/pyannote_3_fine_tuning.
 *
 * @param name of the model
 * @param base what it was fine-tuned from
 * @param training name of the data set
 * @param development name of the data set by which it was judged; empty where there was none
 * @param hours of the recordings of the training set
 * @param environment versions, a line each
 */
record ModelCard(
    String name,
    String base,
    String training,
    String development,
    double hours,
    FineTuningSettings settings,
    FineTuning.Outcome outcome,
    List<String> environment) {

  String markdown() {
    List<String> lines = new ArrayList<>();
    header(lines);
    lines.add("# " + name);
    lines.add("");
    lines.add(
        "This model is a fine-tuned version of %s on %s (%s hours of recordings)."
            .formatted(base, training, decimal(hours, 2)));
    results(lines);
    lines.add("");
    lines.add("## Training procedure");
    lines.add("");
    lines.add("### Training hyperparameters");
    lines.add("");
    lines.add("The following hyperparameters were used during training:");
    lines.addAll(hyperParameters());
    lines.add("");
    lines.add("### Training results");
    lines.add("");
    lines.add(
        "| Training Loss | Epoch | Step | Validation Loss | Der | False Alarm | Missed Detection |"
            + " Confusion |");
    lines.add("|---|---|---|---|---|---|---|---|");
    outcome.figures().forEach(own -> lines.add(row(own)));
    lines.add("");
    lines.add("### Framework versions");
    lines.add("");
    environment.forEach(line -> lines.add("- " + line));
    return String.join("\n", lines) + "\n";
  }

  private void header(List<String> lines) {
    lines.add("---");
    lines.add("base_model: " + quoted(base));
    lines.add("tags:");
    lines.add("- speaker-diarization");
    lines.add("- speaker-segmentation");
    lines.add("datasets:");
    lines.add("- " + quoted(training));
    lines.add("model-index:");
    lines.add("- name: " + quoted(name));
    lines.add("  results: []");
    lines.add("---");
    lines.add("");
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private void results(List<String> lines) {
    if (development.isEmpty()) {
      lines.add("It was not judged on a development set.");
      return;
    }
    EpochFigures best = outcome.best();
    lines.add(
        "It achieves the following results on the evaluation set, %s, after epoch %d:"
            .formatted(development, best.epoch()));
    lines.add("- Loss: " + decimal(best.developmentLoss(), 4));
    lines.add("- Der: " + decimal(best.errors().errorRate(), 4));
    lines.add("- False Alarm: " + decimal(best.errors().falseAlarmRate(), 4));
    lines.add("- Missed Detection: " + decimal(best.errors().missedRate(), 4));
    lines.add("- Confusion: " + decimal(best.errors().confusionRate(), 4));
    lines.add("");
    lines.add(
        "Errors are counted in frames, with the speakers of each chunk matched by themselves; epoch"
            + " 0 is the network before training.");
  }

  private List<String> hyperParameters() {
    List<String> lines = new ArrayList<>();
    lines.add("- learning_rate: " + settings.learningRate());
    lines.add("- train_batch_size: " + settings.batch());
    lines.add("- eval_batch_size: " + settings.batch());
    lines.add("- seed: " + settings.seed());
    lines.add(
        "- optimizer: Adam with betas=(0.9,0.999) and epsilon=1e-08"
            + (settings.weightDecay() > 0 ? ", weight decay " + settings.weightDecay() : ""));
    lines.add("- lr_scheduler_type: " + settings.decay().name().toLowerCase(Locale.ROOT));
    if (settings.warmUpSteps() > 0) {
      lines.add("- lr_scheduler_warmup_steps: " + settings.warmUpSteps());
    }
    lines.add("- num_epochs: " + settings.epochs());
    lines.add("- max_grad_norm: " + settings.largestNorm());
    lines.add("- dropout: " + settings.dropout());
    lines.add("- sampling: " + settings.sampling().samplingName());
    if (!settings.frozen().isEmpty()) {
      lines.add("- frozen: " + String.join(", ", settings.frozen()));
    }
    return lines;
  }

  private static String row(EpochFigures own) {
    return "| %s | %d | %d | %s | %s | %s | %s | %s |"
        .formatted(
            own.epoch() == 0 ? "No log" : decimal(own.trainingLoss(), 4),
            own.epoch(),
            own.steps(),
            decimal(own.developmentLoss(), 4),
            decimal(own.errors().errorRate(), 4),
            decimal(own.errors().falseAlarmRate(), 4),
            decimal(own.errors().missedRate(), 4),
            decimal(own.errors().confusionRate(), 4));
  }

  private static String decimal(double value, int places) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%." + places + "f", value);
  }
}
