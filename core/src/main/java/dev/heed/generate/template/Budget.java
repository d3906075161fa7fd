package dev.heed.generate.template;

/** What is left of a run's {@link TemplateLimits}. */
final class Budget {
  private final TemplateLimits limits;
  private long steps;
  private long made;
  private int depth;

  Budget(TemplateLimits limits) {
    this.limits = limits;
  }

  /** Takes one step. */
  void step() {
    if (++steps > limits.steps()) {
      throw TemplateException.limit("steps", limits.steps());
    }
  }

  /** Announces so many characters or elements, before they are made. */
  void make(long count) {
    made += Math.max(0, count);
    if (count > limits.made() || made > limits.made()) {
      throw TemplateException.limit("characters and elements", limits.made());
    }
  }

  /** Announces a text that is a piece repeated. */
  void make(long count, long times) {
    if (times > 0 && count > limits.made() / times) {
      throw TemplateException.limit("characters and elements", limits.made());
    }
    make(count * Math.max(0, times));
  }

  /** Goes a level deeper. */
  void enter() {
    if (++depth > limits.depth()) {
      throw TemplateException.limit("nested calls", limits.depth());
    }
  }

  /** Comes back. */
  void leave() {
    depth--;
  }
}
