/**
 * Which weights serve, from outside the job: {@link etesian.ops.models.History} is what the topics
 * tell of them, {@link etesian.ops.models.Throne} puts others in their place, {@link
 * etesian.ops.models.Sweep} finds the files that nobody names.
 */
package etesian.ops.models;
