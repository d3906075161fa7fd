package dev.heed.explain;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Exact maximum flow through a stack of fully connected layers, by blocking flows along shortest
 * paths (Dinic 1970).
 *
 * <p>Node {@code (l, t)} is token t at height l; the inputs lie at height 0. {@code
 * capacity[l][i][j]} belongs to the edge from {@code (l + 1, i)} down to {@code (l, j)}. Edges are
 * numbered from each node: the first {@code tokens} lead down, the others back up against flow.
 */
final class LayeredFlow {
  private static final int UNREACHED = -1;

  private final int tokens;
  private final double[][][] capacity;
  private final double[][][] room;
  private final int[] distance;
  private final int[] nextEdge;
  private int top;
  private int sink;

  /** A stack of these layers. */
  LayeredFlow(double[][][] capacity) {
    this.capacity = capacity;
    this.tokens = capacity[0].length;
    this.room = new double[capacity.length][tokens][tokens];
    int nodes = (capacity.length + 1) * tokens;
    this.distance = new int[nodes];
    this.nextEdge = new int[nodes];
  }

  /** The most that can flow from a token at a height of at least 1 to an input token. */
  double maximum(int height, int from, int input) {
    top = height;
    sink = input;
    for (int layer = 0; layer < height; layer++) {
      for (int token = 0; token < tokens; token++) {
        System.arraycopy(capacity[layer][token], 0, room[layer][token], 0, tokens);
      }
    }
    int source = height * tokens + from;
    double flow = 0;
    while (reachesSink(source)) {
      Arrays.fill(nextEdge, 0);
      double pushed = push(source, Double.POSITIVE_INFINITY);
      while (pushed > 0) {
        flow += pushed;
        pushed = push(source, Double.POSITIVE_INFINITY);
      }
    }
    return flow;
  }

  /** Numbers the nodes by their distance from the source along edges with room. */
  private boolean reachesSink(int source) {
    Arrays.fill(distance, UNREACHED);
    distance[source] = 0;
    ArrayDeque<Integer> reached = new ArrayDeque<>();
    reached.add(source);
    while (!reached.isEmpty() && distance[sink] == UNREACHED) {
      int node = reached.remove();
      for (int edge = 0; edge < 2 * tokens; edge++) {
        if (room(node, edge) > 0 && distance[target(node, edge)] == UNREACHED) {
          distance[target(node, edge)] = distance[node] + 1;
          reached.add(target(node, edge));
        }
      }
    }
    return distance[sink] != UNREACHED;
  }

  /** Sends at most {@code limit} along one shortest path; 0 if none is left. */
  private double push(int node, double limit) {
    if (node == sink) {
      return limit;
    }
    for (; nextEdge[node] < 2 * tokens; nextEdge[node]++) {
      int edge = nextEdge[node];
      double free = room(node, edge);
      if (free > 0 && distance[target(node, edge)] == distance[node] + 1) {
        double pushed = push(target(node, edge), Math.min(limit, free));
        if (pushed > 0) {
          take(node, edge, pushed);
          return pushed;
        }
      }
    }
    return 0;
  }

  private int target(int node, int edge) {
    int layer = node / tokens;
    return edge < tokens ? (layer - 1) * tokens + edge : (layer + 1) * tokens + edge - tokens;
  }

  private double room(int node, int edge) {
    int layer = node / tokens;
    int token = node % tokens;
    if (edge < tokens) {
      return layer == 0 ? 0 : room[layer - 1][token][edge];
    }
    int above = edge - tokens;
    return layer == top ? 0 : capacity[layer][above][token] - room[layer][above][token];
  }

  private void take(int node, int edge, double amount) {
    int layer = node / tokens;
    int token = node % tokens;
    if (edge < tokens) {
      room[layer - 1][token][edge] -= amount;
    } else {
      // A difference that was rounded must not leave a trace of flow on an emptied edge.
      double used = capacity[layer][edge - tokens][token] - room[layer][edge - tokens][token];
      room[layer][edge - tokens][token] =
          amount == used
              ? capacity[layer][edge - tokens][token]
              : room[layer][edge - tokens][token] + amount;
    }
  }
}
