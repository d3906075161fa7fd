package dev.heed.attention.kernel;

/** The block schedule of every head of every sequence. */
@FunctionalInterface
interface PlaneSchedules {
  BlockSchedule of(int batch, int head);
}
