package dev.heed.attention.kernel;

import static dev.heed.attention.kernel.Lanes.TILE_QUERIES;

import dev.heed.tensor.kernel.Workers;
import java.util.stream.IntStream;

/** What stands for a block of weights where a map is drawn smaller than it is. */
public enum WeightPooling {
  /** The largest, so that no strong one is lost. */
  MAX {
    @Override
    float fold(float before, float[] tile, int from, int to) {
      float most = before;
      for (int i = from; i < to; i++) {
        most = Math.max(most, tile[i]);
      }
      return most;
    }
  },
  /** The mean, so that no lone one stands out. */
  MEAN {
    @Override
    float fold(float before, float[] tile, int from, int to) {
      float sum = 0;
      for (int i = from; i < to; i++) {
        sum += tile[i];
      }
      return before + sum;
    }
  };

  /** What stands for what was before and some more. */
  abstract float fold(float before, float[] tile, int from, int to);

  /** A rectangle of one head, cut into square blocks; those at its end may be smaller. */
  record Area(int batch, int head, int firstRow, int endRow, int firstKey, int endKey, int block) {
    int rows() {
      return blocks(endRow - firstRow);
    }

    int columns() {
      return blocks(endKey - firstKey);
    }

    private int blocks(int tokens) {
      return (tokens + block - 1) / block;
    }
  }

  /** Computes every weight of an area, a tile at a time, and keeps one number a block. */
  float[] pool(WeightReader reader, Area area, Workers workers) {
    float[] cells = new float[area.rows() * area.columns()];
    workers.run(
        area.rows(),
        (row, w) -> {
          int first = area.firstRow() + row * area.block();
          int end = Math.min(area.endRow(), first + area.block());
          int at = row * area.columns();
          for (int from = first; from < end; from += TILE_QUERIES) {
            int[] rows = IntStream.range(from, Math.min(end, from + TILE_QUERIES)).toArray();
            reader.tiles(
                Scratch.of(w),
                area.batch(),
                area.head(),
                rows,
                area.firstKey(),
                area.endKey(),
                (tile, key, count) -> take(cells, at, area, tile, rows.length, key, count));
          }
          if (this == MEAN) {
            divide(cells, at, area, end - first);
          }
        });
    return cells;
  }

  private void take(
      float[] cells, int at, Area area, float[] tile, int rows, int firstKey, int keys) {
    for (int j = 0; j < keys; j++) {
      int cell = at + (firstKey + j - area.firstKey()) / area.block();
      int from = j * TILE_QUERIES;
      cells[cell] = fold(cells[cell], tile, from, from + rows);
    }
  }

  private static void divide(float[] cells, int at, Area area, int rows) {
    for (int column = 0; column < area.columns(); column++) {
      int first = area.firstKey() + column * area.block();
      int keys = Math.min(area.endKey(), first + area.block()) - first;
      cells[at + column] /= (float) rows * keys;
    }
  }
}
