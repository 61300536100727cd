import { createContext, type Dependencies } from './context';
import { describe, KeyPairError } from './errors';
import { digest } from './keys';
import { create, type Outputs, remove, scheduled, update } from './lifecycle';
import { type CustomResourceEvent, type Result, responseBody } from './response';
import { parseForDelete, parseSettings } from './settings';

/** The part of EventBridge's scheduled event that is used. */
interface ScheduledEvent {
  source: 'aws.events';
  id: string;
}

export type Event = CustomResourceEvent | ScheduledEvent;
export type LambdaContext = { getRemainingTimeInMillis(): number };
export type Environment = Record<string, string | undefined>;

/**
 * The function's entry. A request of CloudFormation is always answered, and a scheduled rotation that fails throws,
 * so that Lambda tries again and counts an error.
 */
export function createHandler(deps: Dependencies, env: Environment) {
  return async (event: Event, lambda: LambdaContext): Promise<void> => {
    if ('ResponseURL' in event) return answer(deps, event, lambda);
    if (event?.source === 'aws.events' && typeof event.id === 'string')
      return onSchedule(deps, event, lambda, env);
    throw new KeyPairError(
      'invalid-request',
      'Only CloudFormation and an EventBridge schedule may call this function.',
    );
  };
}

async function answer(deps: Dependencies, event: CustomResourceEvent, lambda: LambdaContext): Promise<void> {
  const physicalId = `edgeseal-key-pair-${digest(event.StackId, event.LogicalResourceId).slice(0, 32)}`;
  let result: Result;
  try {
    const data = await perform(deps, event, lambda);
    result = data ? { status: 'SUCCESS', data } : { status: 'SUCCESS' };
  } catch (error) {
    result = { status: 'FAILED', reason: describe(error) };
  }
  const reason = result.status === 'FAILED' ? result.reason : undefined;
  const level = reason ? 'error' : 'info';
  deps.log({
    level,
    event: `cloudformation-${event.RequestType.toLowerCase()}`,
    status: result.status,
    reason,
  });
  await deps.respond(event.ResponseURL, responseBody(event, physicalId, result));
}

async function perform(
  deps: Dependencies,
  event: CustomResourceEvent,
  lambda: LambdaContext,
): Promise<Outputs | undefined> {
  const source = { ...event.ResourceProperties, Owner: event.StackId };
  const remaining = lambda.getRemainingTimeInMillis();
  switch (event.RequestType) {
    case 'Create':
      return create(createContext(deps, parseSettings(source), remaining), event.RequestId);
    case 'Update': {
      const ctx = createContext(deps, parseSettings(source), remaining);
      return update(ctx, event.RequestId, event.OldResourceProperties ?? {});
    }
    case 'Delete': {
      const settings = parseForDelete(source);
      if (settings) await remove(createContext(deps, settings, remaining));
      return undefined;
    }
    default:
      throw new KeyPairError('invalid-request', 'RequestType must be Create, Update or Delete.');
  }
}

async function onSchedule(
  deps: Dependencies,
  event: ScheduledEvent,
  lambda: LambdaContext,
  env: Environment,
): Promise<void> {
  try {
    const settings = parseSettings({
      Owner: env.OWNER,
      KeyGroupName: env.KEY_GROUP_NAME,
      SecretName: env.SECRET_NAME,
      SecretKmsKeyArn: env.SECRET_KMS_KEY_ARN,
      Algorithm: env.ALGORITHM,
      MaxUrlLifetimeHours: env.MAX_URL_LIFETIME_HOURS,
      PropagationWaitSeconds: env.PROPAGATION_WAIT_SECONDS,
    });
    await scheduled(createContext(deps, settings, lambda.getRemainingTimeInMillis()), event.id);
    deps.log({ level: 'info', event: 'scheduled-rotation', status: 'SUCCESS' });
  } catch (error) {
    const reason = describe(error);
    deps.log({ level: 'error', event: 'scheduled-rotation', status: 'FAILED', reason });
    throw new Error(reason);
  }
}
