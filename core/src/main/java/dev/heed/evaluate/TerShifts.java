package dev.heed.evaluate;

import dev.heed.evaluate.BeamEditDistance.Edit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Edits and block moves that turn a text into its reference, found greedily (Snover et al., A Study
 * of Translation Edit Rate, AMTA 2006, algorithm 1) with Tercom's limits: blocks of at most 10
 * words, moved by at most 50, at most 1,000 moves tried.
 */
final class TerShifts {
  private static final int MAX_BLOCK = 10;
  private static final int MAX_DISTANCE = 50;
  private static final int MAX_TRIED = 1000;

  private final List<String> reference;
  private final BeamEditDistance distance;
  private int tried;

  private TerShifts(List<String> reference) {
    this.reference = reference;
    this.distance = new BeamEditDistance(reference);
  }

  /** One move that was tried, with what it gains. */
  private record Move(int gain, int length, int start, int target, List<String> words) {
    /** Tercom's order: the most gained, the longest, the first from, the first to. */
    boolean beats(@Nullable Move other) {
      if (other == null || gain != other.gain) {
        return other == null || gain > other.gain;
      }
      if (length != other.length) {
        return length > other.length;
      }
      return start != other.start ? start < other.start : target < other.target;
    }
  }

  /** The alignment of the reference to the words: where each word stands, and which are wrong. */
  private record Alignment(int[] position, boolean[] referenceWrong, boolean[] wordWrong) {
    static Alignment of(Edit[] edits, int words, int referenceWords) {
      int[] position = new int[referenceWords];
      boolean[] referenceWrong = new boolean[referenceWords];
      boolean[] wordWrong = new boolean[words];
      int word = -1;
      int wanted = -1;
      for (Edit edit : edits) {
        if (edit != Edit.INSERT) {
          wordWrong[++word] = edit != Edit.KEEP;
        }
        if (edit != Edit.DELETE) {
          referenceWrong[++wanted] = edit != Edit.KEEP;
          position[wanted] = word;
        }
      }
      return new Alignment(position, referenceWrong, wordWrong);
    }
  }

  /** The number of edits, a move of a block counting as one. */
  static int edits(List<String> words, List<String> reference) {
    if (reference.isEmpty()) {
      return words.size();
    }
    return new TerShifts(reference).edits(words);
  }

  private int edits(List<String> words) {
    List<String> current = words;
    int moves = 0;
    while (true) {
      Move best = best(current);
      if (tried >= MAX_TRIED || best == null || best.gain <= 0) {
        return moves + distance.of(current);
      }
      moves++;
      current = best.words;
    }
  }

  /** The best move, or null if none is worth a try. */
  private @Nullable Move best(List<String> words) {
    int before = distance.of(words);
    Alignment alignment = Alignment.of(distance.edits(), words.size(), reference.size());
    Move best = null;
    for (int start = 0; start < words.size(); start++) {
      for (int wanted = 0; wanted < reference.size(); wanted++) {
        if (Math.abs(wanted - start) > MAX_DISTANCE) {
          continue;
        }
        int matching = matching(words, start, wanted);
        for (int length = 1; length <= matching; length++) {
          if (isWorthATry(alignment, start, wanted, length)) {
            best = bestTarget(words, before, alignment, start, wanted, length, best);
          }
          if (tried >= MAX_TRIED) {
            return best;
          }
        }
      }
    }
    return best;
  }

  private int matching(List<String> words, int start, int wanted) {
    int length = 0;
    while (length < MAX_BLOCK
        && start + length < words.size()
        && wanted + length < reference.size()
        && words.get(start + length).equals(reference.get(wanted + length))) {
      length++;
    }
    return length;
  }

  /** Something must be wrong at both places, and the block must not move into itself. */
  private static boolean isWorthATry(Alignment alignment, int start, int wanted, int length) {
    int there = alignment.position[wanted];
    return any(alignment.wordWrong, start, length)
        && any(alignment.referenceWrong, wanted, length)
        && !(start <= there && there < start + length);
  }

  private static boolean any(boolean[] flags, int start, int length) {
    for (int i = start; i < start + length; i++) {
      if (flags[i]) {
        return true;
      }
    }
    return false;
  }

  /** Tries the places after the words that the reference's block and its left neighbour have. */
  private @Nullable Move bestTarget(
      List<String> words,
      int before,
      Alignment alignment,
      int start,
      int wanted,
      int length,
      @Nullable Move best) {
    int last = -1;
    Move found = best;
    for (int place = wanted - 1; place < wanted + length; place++) {
      int target = place < 0 ? 0 : alignment.position[place] + 1;
      if (target != last) {
        last = target;
        List<String> moved = moved(words, start, length, target);
        Move move = new Move(before - distance.of(moved), length, start, target, moved);
        tried++;
        found = move.beats(found) ? move : found;
      }
    }
    return found;
  }

  private static List<String> moved(List<String> words, int start, int length, int target) {
    List<String> block = words.subList(start, start + length);
    List<String> moved = new ArrayList<>(words);
    moved.subList(start, start + length).clear();
    // A place behind the block lies nearer without it; one within it means as far behind it.
    int place = target <= start ? target : target > start + length ? target - length : target;
    moved.addAll(Math.min(place, moved.size()), block);
    return moved;
  }
}
