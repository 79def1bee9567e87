package dev.diarist.cli;

import dev.diarist.dataset.Dataset;
import dev.diarist.dataset.DatasetStatistics;
import dev.diarist.report.StatisticsFormat;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code diarist stats}: how much is said in a data set. */
@Command(
    name = "stats",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Count speech, overlap, turns and speakers of a data set.")
final class StatsCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin private DebugOption debug;

  @Parameters(index = "0", paramLabel = "DATASET", description = EvaluateCommand.DATASET)
  private String dataset;

  @Option(names = "--format", paramLabel = "FORMAT", description = "table (default), csv or json.")
  private StatisticsFormat format = StatisticsFormat.TABLE;

  StatsCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    StringBuilder text = new StringBuilder();
    format.write(DatasetStatistics.of(Dataset.open(dataset)), text);
    surroundings.out().append(text);
    Surroundings.requireWritten(surroundings.out(), "statistics");
    return 0;
  }
}
