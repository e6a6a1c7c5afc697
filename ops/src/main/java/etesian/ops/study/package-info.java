/**
 * What learning on the stream is worth, on real series: {@link etesian.ops.study.LearningStudy}
 * lets references, frozen and learning models forecast the same times, each knowing at any time
 * what was known then.
 */
package etesian.ops.study;
