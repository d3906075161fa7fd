/**
 * Training runs as data: a {@link dev.heed.train.recipe.Recipe} names a checkpoint, a task, files
 * of examples and how to learn, and a {@link dev.heed.train.recipe.RecipeRun} makes a checkpoint
 * folder of it.
 *
 * {@snippet :
 * Recipe recipe = Recipe.of("minilm", "classify", "train.tsv").validatedOn("valid.tsv");
 * RecipeResult result = new RecipeRun(recipe, Path.of("sentiment")).run();
 * try (Model model = Model.load(Path.of("sentiment"))) { … }
 * }
 */
@NullMarked
package dev.heed.train.recipe;

import org.jspecify.annotations.NullMarked;
