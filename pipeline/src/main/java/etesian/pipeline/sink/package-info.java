/**
 * The ends of the job in Kafka: granules and champions come in, forecasts, scores and dead letters
 * go out exactly once. {@link etesian.pipeline.sink.KafkaEnds} holds every setting that this takes.
 */
package etesian.pipeline.sink;
