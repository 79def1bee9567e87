package dev.diarist.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.diarist.dataset.DatasetStatistics;
import dev.diarist.dataset.DatasetStatistics.Row;
import java.io.IOException;
import java.util.List;

/** How the statistics of a data set are written. */
public enum StatisticsFormat {
  /** Columns for a terminal. */
  TABLE {
    @Override
    public void write(DatasetStatistics statistics, Appendable out) throws IOException {
      TextTable table =
          new TextTable(
              List.of(
                  "file",
                  "annotated s",
                  "speakers",
                  "turns",
                  "mean turn s",
                  "speech s",
                  "speech %",
                  "overlap s",
                  "overlap %"));
      statistics.recordings().forEach(row -> table.add(cells(row)));
      table.add(cells(statistics.total()));
      out.append(table.render());
      out.append(summary(statistics));
    }
  },

  /** A line for each recording and one for all. */
  CSV {
    @Override
    public void write(DatasetStatistics statistics, Appendable out) throws IOException {
      out.append("file,annotated,speakers,turns,mean_turn,speech,overlap,turn_time\n");
      for (Row row : statistics.recordings()) {
        out.append(line(row));
      }
      out.append(line(statistics.total()));
    }
  },

  /** The same as JSON. */
  JSON {
    @Override
    public void write(DatasetStatistics statistics, Appendable out) throws IOException {
      ObjectMapper mapper = new ObjectMapper();
      ObjectNode json = mapper.createObjectNode();
      var files = json.putArray("files");
      statistics.recordings().forEach(row -> put(files.addObject().put("uri", row.uri()), row));
      put(json.putObject("total").put("files", statistics.recordings().size()), statistics.total());
      out.append(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json)).append('\n');
    }
  };

  public abstract void write(DatasetStatistics statistics, Appendable out) throws IOException;

  private static List<String> cells(Row row) {
    return List.of(
        row.uri(),
        TextTable.decimals(row.annotatedSeconds()),
        Integer.toString(row.speakers()),
        Integer.toString(row.turns()),
        TextTable.decimals(row.meanTurnSeconds()),
        TextTable.decimals(row.speechSeconds()),
        TextTable.percent(row.speechShare()),
        TextTable.decimals(row.overlapSeconds()),
        TextTable.percent(row.overlapShare()));
  }

  private static String summary(DatasetStatistics statistics) {
    if (statistics.recordings().isEmpty()) {
      return "no recordings\n";
    }
    var speakers = statistics.recordings().stream().mapToInt(Row::speakers).summaryStatistics();
    return "%d recordings; speakers of a recording: %d to %d, mean %s\n"
        .formatted(
            statistics.recordings().size(),
            speakers.getMin(),
            speakers.getMax(),
            TextTable.decimals(speakers.getAverage()));
  }

  private static String line(Row row) {
    return Csv.line(
        List.of(
            row.uri(),
            Csv.number(row.annotatedSeconds()),
            Integer.toString(row.speakers()),
            Integer.toString(row.turns()),
            Csv.number(row.meanTurnSeconds()),
            Csv.number(row.speechSeconds()),
            Csv.number(row.overlapSeconds()),
            Csv.number(row.turnSeconds())));
  }

  private static void put(ObjectNode node, Row row) {
    node.put("annotated", row.annotatedSeconds());
    node.put("speakers", row.speakers());
    node.put("turns", row.turns());
    node.put("mean_turn", row.meanTurnSeconds());
    node.put("speech", row.speechSeconds());
    node.put("overlap", row.overlapSeconds());
    node.put("turn_time", row.turnSeconds());
  }
}
