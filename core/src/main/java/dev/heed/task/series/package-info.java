/**
 * Time series as files hold them: tables of times and values, steps between them, features of
 * times.
 */
@NullMarked
package dev.heed.task.series;

import org.jspecify.annotations.NullMarked;
