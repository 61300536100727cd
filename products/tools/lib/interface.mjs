/** The console form of a composed template: first what must be answered, then each module's own groups. */

/** @param {Array<any>} modules with `template`, `wire`, `title` and `override` */
export function composeInterface(modules) {
  const required = [];
  const optionalGroups = [];
  const labels = {};
  for (const { template, wire, title, override = {} } of modules) {
    const { ParameterGroups = [], ParameterLabels = {} } =
      template.Metadata?.['AWS::CloudFormation::Interface'] ?? {};
    const open = (name) => !wire[name];
    const isRequired = (name) => ({ ...template.Parameters[name], ...override[name] }).Default === undefined;
    for (const { Label, Parameters } of ParameterGroups) {
      required.push(...Parameters.filter((name) => open(name) && isRequired(name)));
      const optional = Parameters.filter((name) => open(name) && !isRequired(name));
      if (optional.length > 0)
        optionalGroups.push({ Label: { default: groupLabel(title, Label.default) }, Parameters: optional });
    }
    for (const [name, label] of Object.entries(ParameterLabels)) if (open(name)) labels[name] = label;
  }
  return {
    ParameterGroups: [
      { Label: { default: 'The answers this product needs' }, Parameters: required },
      ...optionalGroups,
    ],
    ParameterLabels: labels,
  };
}

function groupLabel(title, label) {
  const plain = label.startsWith('The answers') ? 'defaults' : label.charAt(0).toLowerCase() + label.slice(1);
  return `${title}: ${plain}`;
}
