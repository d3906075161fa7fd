/**
 * The commands of tasks: {@code heed classify}, {@code fill}, {@code translate} … over any loaded
 * checkpoint with a fitting head.
 *
 * <p>A command is a {@link dev.heed.cli.task.TaskCommand} that opens a {@link
 * dev.heed.cli.task.TaskSession}: reading texts, batches, progress, failures of single texts, JSON
 * and pictures are here once.
 */
@NullMarked
package dev.heed.cli.task;

import org.jspecify.annotations.NullMarked;
