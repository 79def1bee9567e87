package dev.diarist.report;

import java.io.IOException;

/** How an evaluation is written. */
public enum EvaluationFormat {
  /** Columns for a terminal, as pyannote-metrics prints them. */
  TABLE {
    @Override
    public void write(EvaluationReport report, Appendable out) throws IOException {
      out.append(EvaluationTable.render(report));
    }
  },

  /** A line for each recording and one for all, with every component of every metric. */
  CSV {
    @Override
    public void write(EvaluationReport report, Appendable out) throws IOException {
      out.append(EvaluationCsv.render(report));
    }
  },

  /** Everything, speakers and lengths of turns too. */
  JSON {
    @Override
    public void write(EvaluationReport report, Appendable out) throws IOException {
      out.append(EvaluationJson.render(report));
    }
  },

  /** A page with lanes, errors and audio players, which needs nothing else. */
  HTML {
    @Override
    public void write(EvaluationReport report, Appendable out) throws IOException {
      out.append(EvaluationPage.render(report));
    }
  };

  public abstract void write(EvaluationReport report, Appendable out) throws IOException;
}
