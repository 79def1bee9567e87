package dev.diarist.tuning;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.commons.math3.exception.TooManyEvaluationsException;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.SimpleBounds;
import org.apache.commons.math3.optim.SimpleValueChecker;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.CMAESOptimizer;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;

/**
 * Looks for the parameters of the smallest error by CMA-ES: a cloud of trials, whose middle and
 * shape follow those that do best. Where a cloud has shrunk, another one begins at a place by
 * chance with twice as many trials in a generation.
 *
 * <p>Everything follows from the seed: a study goes on where it was broken off by taking its steps
 * again with the recorded values.
 *
 * <p>Source: N. Hansen, "The CMA evolution strategy: a tutorial", 2016; A. Auger, N. Hansen, "A
 * restart CMA evolution strategy with increasing population size", 2005.
 *
 * @param parameters at least one
 * @param trials how many are made in all, those recorded included
 */
public record Tuner(List<TunedParameter> parameters, int trials, long seed) {
  /** Width of the first cloud, in ranges. */
  private static final double FIRST_SIGMA = 0.25;

  /** Values closer than this are equal; the smallest change of a rate that anybody reports. */
  private static final double VALUE_TOLERANCE = 1e-5;

  /** Generations that a cloud may take: more than it ever does before it has shrunk. */
  private static final int MAX_GENERATIONS = 1000;

  /** What is to be small. */
  @FunctionalInterface
  public interface Objective {
    /**
     * @param parameters name in {@code config.yaml} → value as it stands there
     */
    double value(Map<String, String> parameters);
  }

  public Tuner {
    parameters = List.copyOf(parameters);
    if (parameters.isEmpty()) {
      throw new IllegalArgumentException("at least one parameter must be tuned");
    }
    if (trials < 1) {
      throw new IllegalArgumentException("there must be at least one trial, got " + trials);
    }
  }

  /**
   * Makes the trials that the log lacks; the first takes the start.
   *
   * @param start value of each parameter that the first trial takes
   * @param listener sees every trial, those recorded too
   * @return all trials, in their order
   * @throws IOException if the log cannot be written, or is of other parameters
   */
  public List<Trial> run(
      Map<String, Double> start, Objective objective, TrialLog log, Consumer<Trial> listener)
      throws IOException {
    Run run = new Run(objective, log, listener);
    double[] place = parameters.stream().mapToDouble(p -> p.place(start.get(p.name()))).toArray();
    RandomGenerator random = new Well19937c(seed);
    try {
      // 4 + 3·ln n, as Hansen has it
      int population = 4 + (int) (3 * Math.log(parameters.size()));
      while (true) {
        descend(run, place, population, random);
        place = parameters.stream().mapToDouble(p -> random.nextDouble()).toArray();
        population *= 2;
      }
    } catch (Done e) {
      return run.trials;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** The trial of the smallest value, the first of several. */
  public static Trial best(List<Trial> trials) {
    return trials.stream().min(Comparator.comparingDouble(Trial::value)).orElseThrow();
  }

  private void descend(Run run, double[] place, int population, RandomGenerator random) {
    int n = parameters.size();
    double[] zeros = new double[n];
    double[] ones = new double[n];
    double[] sigma = new double[n];
    Arrays.fill(ones, 1);
    Arrays.fill(sigma, FIRST_SIGMA);
    CMAESOptimizer optimizer =
        new CMAESOptimizer(
            MAX_GENERATIONS,
            0,
            true,
            0,
            0,
            random,
            false,
            new SimpleValueChecker(VALUE_TOLERANCE, VALUE_TOLERANCE));
    try {
      optimizer.optimize(
          new MaxEval(Integer.MAX_VALUE),
          new ObjectiveFunction(run::value),
          GoalType.MINIMIZE,
          new InitialGuess(place),
          new SimpleBounds(zeros, ones),
          new CMAESOptimizer.Sigma(sigma),
          new CMAESOptimizer.PopulationSize(population));
    } catch (TooManyEvaluationsException e) {
      throw new IllegalStateException("the number of evaluations is not limited here", e);
    }
  }

  /** All trials are made: the way out of the optimizer. */
  private static final class Done extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Done() {
      super("all trials are made", null, false, false);
    }
  }

  private final class Run {
    private final Objective objective;
    private final TrialLog log;
    private final Consumer<Trial> listener;
    private final List<Trial> trials = new ArrayList<>();
    private final Map<Map<String, String>, Double> known = new HashMap<>();

    Run(Objective objective, TrialLog log, Consumer<Trial> listener) {
      this.objective = objective;
      this.log = log;
      this.listener = listener;
    }

    double value(double[] place) {
      if (trials.size() == Tuner.this.trials) {
        throw new Done();
      }
      Map<String, String> values = new LinkedHashMap<>();
      for (int i = 0; i < place.length; i++) {
        values.put(parameters.get(i).name(), parameters.get(i).value(place[i]));
      }
      int number = trials.size();
      Trial trial;
      if (number < log.recorded().size()) {
        trial = log.recorded().get(number);
        if (!trial.parameters().equals(values)) {
          throw new UncheckedIOException(
              new IOException(
                  "%s: trial %d must have %s, has %s"
                      .formatted(log.file(), number, values, trial.parameters())));
        }
      } else {
        Double before = known.get(values);
        trial = new Trial(number, values, before == null ? objective.value(values) : before);
        try {
          log.append(trial);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      known.put(values, trial.value());
      trials.add(trial);
      listener.accept(trial);
      return trial.value();
    }
  }
}
