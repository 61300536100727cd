/** The role that the team's application runs as. It is there before any product, as in real life. */
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';

/** Its name. */
export const applicationRole = (prefix) => `${prefix}-api`;

const policy = (Statement) => JSON.stringify({ Version: '2012-10-17', Statement: [Statement] });

/** See the module. */
export class Application {
  #world;
  #RoleName;
  #current;

  constructor(world, prefix) {
    this.#world = world;
    this.#RoleName = applicationRole(prefix);
  }

  async prepare() {
    const Principal = { AWS: `arn:aws:iam::${this.#world.account}:root` };
    const AssumeRolePolicyDocument = policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal });
    const command = new CreateRoleCommand({ RoleName: this.#RoleName, AssumeRolePolicyDocument });
    await this.#world.admin.iam.send(command);
  }

  /** Lets the application assume the integration role, and nothing else. */
  async allow(Resource) {
    const PolicyDocument = policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource });
    const { iam } = this.#world.admin;
    await iam.send(
      new PutRolePolicyCommand({ RoleName: this.#RoleName, PolicyName: 'sign', PolicyDocument }),
    );
  }

  /** As the AWS SDK finds them in a function or on an instance. */
  async credentials() {
    this.#current ??= this.#world.application(this.#RoleName);
    return this.#current;
  }

  async remove() {
    const { iam } = this.#world.admin;
    const RoleName = this.#RoleName;
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'sign' })).catch(unlessMissing);
    await iam.send(new DeleteRoleCommand({ RoleName })).catch(unlessMissing);
  }
}

/** A run that broke off early has not made everything. */
function unlessMissing(error) {
  if (!/^NoSuchEntity/.test(error.name)) throw error;
}
