package dev.diarist.nn.cpu;

/** A convolution over images, (C, H, W) with time along W. */
sealed interface ImageStep extends Step permits WinogradConvolution, ImageConvolution {

  int kernel();

  int stride();

  int padding();

  Value x();

  /** What is added, laid out like y, or null. */
  Value residual();

  Value y();

  /** The columns of y that are computed; those of others are left as they are. */
  Columns columns();
}
