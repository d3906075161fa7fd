package dev.heed.generate.constrain;

import dev.heed.generate.constrain.Expression.Choice;
import dev.heed.generate.constrain.Expression.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Members of an object in their order, some of which may be missing. */
final class ObjectMembers {
  private ObjectMembers() {}

  /**
   * A member.
   *
   * @param expression its name and value
   * @param required whether it must be there
   */
  record Member(Expression expression, boolean required) {}

  /**
   * An object of members.
   *
   * @param rules to which two for each member are added: what may follow with and without others
   *     before it
   * @param at a name for the rules
   */
  static Expression of(List<Member> members, Map<String, Expression> rules, String at) {
    Expression end = Expression.sequence(JsonSyntax.SPACE, Expression.text("}"));
    String name = "members " + at + " " + rules.size() + " ";
    rules.put(name + members.size() + " after", end);
    rules.put(name + members.size(), Expression.text("}"));
    for (int i = members.size() - 1; i >= 0; i--) {
      Member member = members.get(i);
      Expression rest = new Reference(name + (i + 1) + " after");
      List<Expression> after = new ArrayList<>();
      List<Expression> first = new ArrayList<>();
      after.add(Expression.sequence(JsonSyntax.following(member.expression()), rest));
      first.add(Expression.sequence(JsonSyntax.SPACE, member.expression(), rest));
      if (!member.required()) {
        after.add(rest);
        first.add(new Reference(name + (i + 1)));
      }
      rules.put(name + i + " after", new Choice(after));
      rules.put(name + i, new Choice(first));
    }
    return Expression.sequence(Expression.text("{"), new Reference(name + 0));
  }
}
