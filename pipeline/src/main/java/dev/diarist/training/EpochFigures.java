package dev.diarist.training;

import dev.diarist.nn.train.FrameErrors;

/**
 * What is known after an epoch.
 *
 * @param epoch 0 for the network as it was
 * @param steps taken so far
 * @param trainingLoss mean over the steps of the epoch; NaN for the network as it was
 * @param developmentLoss mean over the chunks of the development set; NaN where there is none
 * @param errors on the development set, counted in frames, chunk by chunk
 */
public record EpochFigures(
    int epoch, long steps, double trainingLoss, double developmentLoss, FrameErrors errors) {}
