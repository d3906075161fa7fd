/**
 * What most users import: one class a task, each ready after one call.
 *
 * <p>A task owns its model and tokenizer: close it. It is safe to share between threads.
 */
@NullMarked
package dev.heed.task;

import org.jspecify.annotations.NullMarked;
