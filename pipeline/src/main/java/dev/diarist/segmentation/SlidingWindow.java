package dev.diarist.segmentation;

/** Window i covers [start + i·step, start + i·step + duration). */
public record SlidingWindow(double startSeconds, double durationSeconds, double stepSeconds) {}
