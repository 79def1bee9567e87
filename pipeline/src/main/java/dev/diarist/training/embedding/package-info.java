/**
 * Training of speaker embedding networks: crops of single speakers under rooms and noise, a network
 * that learns to name the speaker, an analysis that makes its embeddings comparable, and what all
 * that is worth on speakers it never heard.
 */
package dev.diarist.training.embedding;
