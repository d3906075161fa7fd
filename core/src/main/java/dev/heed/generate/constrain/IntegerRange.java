package dev.heed.generate.constrain;

import dev.heed.generate.constrain.Expression.Characters;
import dev.heed.generate.constrain.Expression.Choice;
import dev.heed.generate.constrain.Expression.Repeat;
import dev.heed.generate.constrain.Expression.Sequence;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The decimal digits of whole numbers between two bounds. */
final class IntegerRange {
  private static final int MOST_DIGITS = 40;
  private static final int SPARE_DIGITS = 4;

  private IntegerRange() {}

  /**
   * Numbers from a least to a most one.
   *
   * @param least null for none
   * @param most null for none
   */
  static Expression of(@Nullable BigInteger least, @Nullable BigInteger most) {
    if (least != null && most != null && least.compareTo(most) > 0) {
      throw new GrammarException(
          "JSON schema: expected a minimum up to the maximum, got " + least + " and " + most);
    }
    List<Expression> options = new ArrayList<>();
    BigInteger minusOne = BigInteger.ONE.negate();
    if (least == null || least.signum() < 0) {
      BigInteger nearest = most == null ? minusOne : most.min(minusOne);
      Expression size = from(nearest.negate(), least == null ? null : least.negate());
      options.add(Expression.sequence(Expression.text("-"), size));
    }
    if (most == null || most.signum() >= 0) {
      BigInteger first = least == null ? BigInteger.ZERO : least.max(BigInteger.ZERO);
      options.add(from(first, most));
    }
    return new Choice(options);
  }

  /** Numbers from 0 on. */
  private static Expression from(BigInteger least, @Nullable BigInteger most) {
    List<Expression> options = new ArrayList<>();
    int digits = least.toString().length();
    int last = most == null ? digits : most.toString().length();
    if (last > MOST_DIGITS) {
      throw new GrammarException(
          "JSON schema: expected bounds of at most " + MOST_DIGITS + " digits, got more");
    }
    for (int n = digits; n <= last; n++) {
      BigInteger smallest = n == 1 ? BigInteger.ZERO : BigInteger.TEN.pow(n - 1);
      BigInteger largest = BigInteger.TEN.pow(n).subtract(BigInteger.ONE);
      BigInteger to = most == null ? largest : most.min(largest);
      options.add(between(least.max(smallest).toString(), to.toString()));
    }
    if (most == null) {
      Expression digit = new Characters(CharacterSet.DIGITS);
      options.add(
          Expression.sequence(
              new Characters(CharacterSet.of('1', '9')),
              new Repeat(digit, digits, digits + SPARE_DIGITS)));
    }
    return new Choice(options);
  }

  /** Numbers of as many digits each. */
  private static Expression between(String from, String to) {
    int n = from.length();
    if (n == 0) {
      return Expression.EMPTY;
    }
    char first = from.charAt(0);
    char last = to.charAt(0);
    String restFrom = from.substring(1);
    String restTo = to.substring(1);
    if (first == last) {
      return Expression.sequence(digits(first, first), between(restFrom, restTo));
    }
    List<Expression> options = new ArrayList<>();
    options.add(Expression.sequence(digits(first, first), between(restFrom, "9".repeat(n - 1))));
    if (last - first > 1) {
      options.add(
          new Sequence(
              List.of(
                  digits((char) (first + 1), (char) (last - 1)),
                  new Repeat(new Characters(CharacterSet.DIGITS), n - 1, n - 1))));
    }
    options.add(Expression.sequence(digits(last, last), between("0".repeat(n - 1), restTo)));
    return new Choice(options);
  }

  private static Expression digits(char first, char last) {
    return new Characters(CharacterSet.of(first, last));
  }
}
