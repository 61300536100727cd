//! From a tree to the types that derive `serde::Deserialize`: rule files.
//!
//! Each error carries the byte at which the offending value starts.

use super::read::{JsonError, Kind, Member, Node, read};
use core::fmt;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error, Expected, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use std::borrow::Cow;

/// Reads a value of a type from JSON text.
pub(crate) fn from_text<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, JsonError> {
    from_node(read(text)?)
}

/// Reads a value of a type from a tree.
pub(crate) fn from_node<'de, T: Deserialize<'de>>(node: Node<'de>) -> Result<T, JsonError> {
    T::deserialize(node).map_err(|Failure { message, at }| JsonError { message, at: at.unwrap_or_default() })
}

/// An error on its way out; the innermost value that is known gives it its place.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    at: Option<usize>,
}

impl Failure {
    fn placed(mut self, at: usize) -> Self {
        self.at.get_or_insert(at);
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for Failure {}

impl Error for Failure {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { message: message.to_string(), at: None }
    }

    // The default would print the value, and with it bring in the formatting of floats.
    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("{} is not {expected}", kind_of(found)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("this {} is not {expected}", kind_of(found)))
    }
}

const fn kind_of(found: Unexpected<'_>) -> &'static str {
    match found {
        Unexpected::Bool(_) => "boolean",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => "number",
        Unexpected::Str(_) | Unexpected::Char(_) => "string",
        Unexpected::Seq => "array",
        Unexpected::Map => "object",
        _ => "null",
    }
}

impl<'de> Node<'de> {
    fn wrong(&self, wanted: &dyn Expected) -> Failure {
        Failure { message: format!("{} stands where {wanted} is expected", self.kind.name()), at: Some(self.at) }
    }
}

impl<'de> Deserializer<'de> for Node<'de> {
    type Error = Failure;

    #[inline(never)]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        let at = self.at;
        let seen = match self.kind {
            Kind::Null => visitor.visit_unit(),
            Kind::Bool(value) => visitor.visit_bool(value),
            Kind::Number(text) => match text.parse::<u64>() {
                Ok(number) => visitor.visit_u64(number),
                Err(_) => Err(Failure::custom(format_args!("a whole number is expected here, not {text}"))),
            },
            Kind::Text(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Kind::Text(Cow::Owned(text)) => visitor.visit_string(text),
            Kind::Array(items) => visitor.visit_seq(Items(items.into_iter())),
            Kind::Object(members) => visitor.visit_map(Members { members: members.into_iter(), value: None }),
        };
        seen.map_err(|failure: Failure| failure.placed(at))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        if self.kind == Kind::Null { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_newtype_struct(self)
    }

    // A derived reader would take an array with the fields in their order as well.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        if matches!(self.kind, Kind::Object(_)) { self.deserialize_any(visitor) } else { Err(self.wrong(&"an object")) }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        let at = self.at;
        match self.kind {
            Kind::Text(word) => visitor.visit_enum(Word(word)).map_err(|failure: Failure| failure.placed(at)),
            _ => Err(self.wrong(&"a string")),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map identifier ignored_any
    }
}

struct Items<'de>(std::vec::IntoIter<Node<'de>>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Failure;

    #[inline(never)]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Failure> {
        self.0.next().map(|item| seed.deserialize(item)).transpose()
    }
}

struct Members<'de> {
    members: std::vec::IntoIter<Member<'de>>,
    value: Option<Node<'de>>,
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Failure;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Failure> {
        let Some(Member { key, key_at: at, value }) = self.members.next() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(Node { at, kind: Kind::Text(key) }).map(Some)
    }

    #[inline(never)]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Failure> {
        let value = self.value.take().ok_or_else(|| Failure::custom("a value is missing"))?;
        seed.deserialize(value)
    }
}

/// An enum that is one word.
struct Word<'de>(Cow<'de, str>);

impl<'de> EnumAccess<'de> for Word<'de> {
    type Error = Failure;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Failure> {
        let word = self.0.clone();
        let variant = seed.deserialize(serde::de::value::CowStrDeserializer::new(word))?;
        Ok((variant, self))
    }
}

impl<'de> VariantAccess<'de> for Word<'de> {
    type Error = Failure;

    fn unit_variant(self) -> Result<(), Failure> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _seed: T) -> Result<T::Value, Failure> {
        Err(Failure::custom("this word holds no value"))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _length: usize, _visitor: V) -> Result<V::Value, Failure> {
        Err(Failure::custom("this word holds no value"))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Failure> {
        Err(Failure::custom("this word holds no value"))
    }
}
