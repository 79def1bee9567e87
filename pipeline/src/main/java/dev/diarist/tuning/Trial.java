package dev.diarist.tuning;

import java.util.Map;

/**
 * One set of parameters that was tried.
 *
 * @param number from 0
 * @param parameters name in {@code config.yaml} → value as it stands there; not modified
 * @param value of the metric; smaller is better
 */
public record Trial(int number, Map<String, String> parameters, double value) {}
