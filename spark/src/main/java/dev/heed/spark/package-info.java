/**
 * Columns of texts through Heed's models, on Spark 4: stages of a pipeline, and functions of SQL. A
 * model is opened once in each executor, and reads a partition's rows in batches.
 */
@NullMarked
package dev.heed.spark;

import org.jspecify.annotations.NullMarked;
