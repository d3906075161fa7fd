package dev.heed.spark;

import java.util.List;
import scala.collection.immutable.ArraySeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Values as Spark's rows hold arrays. */
final class Columns {
  private Columns() {}

  /** An array column's value. */
  static Seq<?> list(List<?> values) {
    return CollectionConverters.asScala(values).toList();
  }

  /** An array column's value of numbers. */
  static Seq<?> floats(float[] values) {
    return ArraySeq.unsafeWrapArray(values);
  }
}
