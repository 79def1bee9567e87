package dev.diarist.metric;

import dev.diarist.clustering.LinearSumAssignment;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Which hypothesis label stands for which reference label, one to one; only labels that speak at
 * the same time some time are mapped.
 *
 * <p>Source: pyannote.metrics matcher.py.
 *
 * @param referenceOf hypothesis label → reference label
 */
record SpeakerMapping(Map<String, String> referenceOf) {

  /** The pairs that share the most time in total. */
  static SpeakerMapping optimal(Judged judged) {
    return Grid.renamed(judged).mostShared();
  }

  /** The same with the labels in their own order, which among equal pairings chooses another. */
  static SpeakerMapping optimalInOrderOfLabels(Judged judged) {
    return Grid.of(judged).mostShared();
  }

  /** The same, looked for from the side of the reference. */
  static SpeakerMapping optimalByReference(Judged judged) {
    return Grid.renamed(judged).transposed().mostShared().inverse();
  }

  /** Again and again the pair that shares the most time, of the labels that are left. */
  static SpeakerMapping greedy(Judged judged) {
    Grid grid = Grid.renamed(judged);
    Map<String, String> mapping = new LinkedHashMap<>();
    while (grid.takeLargest(mapping)) {
      // takeLargest does the work
    }
    return new SpeakerMapping(mapping);
  }

  /** The pairs that make the Jaccard error rate smallest. */
  static SpeakerMapping smallestJaccardError(Judged judged) {
    Grid grid = Grid.of(judged).transposed();
    double[][] error = new double[grid.rows().size()][grid.columns().size()];
    for (int i = 0; i < error.length; i++) {
      for (int j = 0; j < error[i].length; j++) {
        error[i][j] = JaccardError.between(judged, grid.rows().get(i), grid.columns().get(j));
      }
    }
    int[] columnOfRow = LinearSumAssignment.minimize(error);
    Map<String, String> mapping = new LinkedHashMap<>();
    for (int i = 0; i < columnOfRow.length; i++) {
      if (columnOfRow[i] != LinearSumAssignment.UNASSIGNED) {
        mapping.put(grid.columns().get(columnOfRow[i]), grid.rows().get(i));
      }
    }
    return new SpeakerMapping(mapping);
  }

  /** Each label as itself: the hypothesis names the speakers. */
  static SpeakerMapping identity(Judged judged) {
    Map<String, String> mapping = new LinkedHashMap<>();
    judged.hypothesisLabels().forEach(label -> mapping.put(label, label));
    return new SpeakerMapping(mapping);
  }

  SpeakerMapping inverse() {
    Map<String, String> inverse = new LinkedHashMap<>();
    referenceOf.forEach((from, to) -> inverse.put(to, from));
    return new SpeakerMapping(inverse);
  }

  /** Seconds that labels share: (rows, columns); modified by {@link #takeLargest}. */
  private record Grid(List<String> rows, List<String> columns, double[][] seconds) {

    /** Hypothesis labels as rows, reference labels as columns, each sorted. */
    static Grid of(Judged judged) {
      return new Grid(
          judged.hypothesisLabels(), judged.referenceLabels(), judged.cooccurrenceSeconds());
    }

    /**
     * The same in the order that pyannote has after it renamed hypothesis labels to 0, 1, … and
     * reference labels to A, B, …: 10 comes before 2, AA before B.
     */
    static Grid renamed(Judged judged) {
      Grid plain = of(judged);
      int[] rows = order(plain.rows.size(), Integer::toString);
      int[] columns = order(plain.columns.size(), Grid::letters);
      double[][] seconds = new double[rows.length][columns.length];
      for (int i = 0; i < rows.length; i++) {
        for (int j = 0; j < columns.length; j++) {
          seconds[i][j] = plain.seconds[rows[i]][columns[j]];
        }
      }
      return new Grid(
          Arrays.stream(rows).mapToObj(plain.rows::get).toList(),
          Arrays.stream(columns).mapToObj(plain.columns::get).toList(),
          seconds);
    }

    Grid transposed() {
      double[][] transposed = new double[columns.size()][rows.size()];
      for (int i = 0; i < rows.size(); i++) {
        for (int j = 0; j < columns.size(); j++) {
          transposed[j][i] = seconds[i][j];
        }
      }
      return new Grid(columns, rows, transposed);
    }

    /** Row label → column label. */
    SpeakerMapping mostShared() {
      int[] columnOfRow = LinearSumAssignment.maximize(seconds);
      Map<String, String> mapping = new LinkedHashMap<>();
      for (int i = 0; i < columnOfRow.length; i++) {
        int j = columnOfRow[i];
        if (j != LinearSumAssignment.UNASSIGNED && seconds[i][j] > 0) {
          mapping.put(rows.get(i), columns.get(j));
        }
      }
      return new SpeakerMapping(mapping);
    }

    /** Maps the pair that shares the most and takes both labels away; false where none shares. */
    boolean takeLargest(Map<String, String> mapping) {
      int row = -1;
      int column = -1;
      double largest = 0;
      for (int i = 0; i < rows.size(); i++) {
        for (int j = 0; j < columns.size(); j++) {
          if (seconds[i][j] > largest) {
            largest = seconds[i][j];
            row = i;
            column = j;
          }
        }
      }
      if (row < 0) {
        return false;
      }
      mapping.put(rows.get(row), columns.get(column));
      Arrays.fill(seconds[row], 0);
      for (double[] others : seconds) {
        others[column] = 0;
      }
      return true;
    }

    private static int[] order(int count, IntFunction<String> name) {
      return IntStream.range(0, count)
          .boxed()
          .sorted(Comparator.comparing(name::apply))
          .mapToInt(i -> i)
          .toArray();
    }

    /** A … Z, AA … AZ, BA …. */
    private static String letters(int i) {
      StringBuilder name = new StringBuilder();
      for (int rest = i; rest >= 0; rest = rest / 26 - 1) {
        name.append((char) ('A' + rest % 26));
      }
      return name.reverse().toString();
    }
  }
}
