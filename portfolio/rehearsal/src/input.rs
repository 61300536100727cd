//! A validated request body, read by member name.

use serde_json::{Map, Value};

use crate::error::ApiError;

/// The members of a request, already checked against the model.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Input<'a>(pub(crate) &'a Map<String, Value>);

impl<'a> Input<'a> {
    /// A text member, when given.
    pub(crate) fn text(self, member: &str) -> Option<&'a str> {
        self.0.get(member)?.as_str()
    }

    /// A text member that the operation needs although the model does not say so, or one
    /// that the model requires.
    pub(crate) fn need(self, member: &str) -> Result<&'a str, ApiError> {
        self.text(member).ok_or_else(|| ApiError::invalid(format!("{member} must be given.")))
    }

    /// A text member as an owned value, when given.
    pub(crate) fn owned(self, member: &str) -> Option<String> {
        self.text(member).map(str::to_owned)
    }

    /// A flag, when given.
    pub(crate) fn flag(self, member: &str) -> Option<bool> {
        self.0.get(member)?.as_bool()
    }

    /// A number, when given.
    pub(crate) fn number(self, member: &str) -> Option<i64> {
        self.0.get(member)?.as_i64()
    }

    /// The items of a list; none when it is not given.
    pub(crate) fn items(self, member: &str) -> &'a [Value] {
        self.0.get(member).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// The texts of a list.
    pub(crate) fn texts(self, member: &str) -> Vec<String> {
        self.items(member).iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// A structure or map, when given.
    pub(crate) fn object(self, member: &str) -> Option<Input<'a>> {
        self.0.get(member)?.as_object().map(Input)
    }
}
