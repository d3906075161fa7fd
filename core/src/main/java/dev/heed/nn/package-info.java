/**
 * Modules: layers with parameters, built from and named after a checkpoint.
 *
 * <p>A module is made from {@link dev.heed.nn.Weights}, a path into a checkpoint or into freshly
 * initialised parameters: building it <em>is</em> loading it. It never changes in use and may be
 * shared by threads; what one run records, replaces or drops out travels in its {@link
 * dev.heed.nn.Trace}. Parameters live until {@link dev.heed.nn.Module#close()}; results belong to
 * the caller's scope.
 */
@NullMarked
package dev.heed.nn;

import org.jspecify.annotations.NullMarked;
