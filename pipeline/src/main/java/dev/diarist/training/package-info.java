/**
 * Fine-tuning of the segmentation on recordings that people annotated: where chunks are taken from,
 * what the network should say of them, the training itself and what is written of it.
 */
package dev.diarist.training;
