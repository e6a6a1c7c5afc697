/**
 * Neural operators on plain tensors: a library of its own, unaware of climate, Kafka and Flink. A
 * {@link etesian.operators.NeuralOperator} maps a stack of gridded channels to another; {@link
 * etesian.operators.Weights} are self-describing safetensors.
 */
package etesian.operators;
