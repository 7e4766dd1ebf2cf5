//! What goes wrong on its way between two processes.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Can be encoded, and cannot be decoded.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct OneWay;

impl<'de> Deserialize<'de> for OneWay {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(serde::de::Error::custom("one way only"))
    }
}

/// Cannot be encoded.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Silent;

impl Serialize for Silent {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("nothing to say"))
    }
}

/// Encoding it panics, when a part of it is written.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Startling;

impl Serialize for Startling {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeTuple;
        let mut tuple = serializer.serialize_tuple(2)?;
        tuple.serialize_element(&[7_u64; 20])?;
        panic!("boo")
    }
}

/// A text that may be one of these.
pub(super) fn say<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    match text {
        "silent" => Silent.serialize(serializer),
        "startling" => Startling.serialize(serializer),
        text => text.serialize(serializer),
    }
}

/// The other side of it.
pub(super) fn hear<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    match &*text {
        "one way" => Err(serde::de::Error::custom("one way only")),
        _ => Ok(text),
    }
}
