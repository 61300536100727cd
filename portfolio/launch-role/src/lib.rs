//! Compute the smallest launch-role policy for a CloudFormation template.
