//! Values as bytes, by `postcard`: each with its length before it, so that one can be skipped.

use serde::{Serialize, de::DeserializeOwned};

use super::body::{Body, Room};

/// Appends a value with its length before it. On an error `to` is as it was.
pub(crate) fn append<T: Serialize + ?Sized>(
    to: &mut Body,
    value: &T,
    room: Room,
) -> Result<(), String> {
    let start = to.len();
    to.extend(&[0; 4], room);
    let encoded = postcard::serialize_with_flavor(value, Append(to, room));
    let encoded = encoded.map_err(|error| error.to_string());
    let length = u32::try_from(to.len() - start - 4).map_err(|_| "longer than 4 GiB".to_owned());
    match encoded.and(length) {
        Ok(length) => {
            to.bytes_mut()[start..start + 4].copy_from_slice(&length.to_le_bytes());
            Ok(())
        }
        Err(cause) => {
            to.truncate(start);
            Err(cause)
        }
    }
}

/// The value with its length before it that starts at `at`; moves `at` behind it.
#[inline]
pub(crate) fn piece<'a>(bytes: &'a [u8], at: &mut usize) -> Option<&'a [u8]> {
    let length = u32::from_le_bytes(*bytes.get(*at..)?.first_chunk()?) as usize;
    let start = *at + 4;
    let piece = bytes.get(start..start.checked_add(length)?)?;
    *at = start + length;
    Some(piece)
}

pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    postcard::from_bytes(bytes).map_err(|error| error.to_string())
}

/// Appends to a body that others have begun, which none of postcard's own flavors does.
struct Append<'a, 'r>(&'a mut Body, Room<'r>);

impl postcard::ser_flavors::Flavor for Append<'_, '_> {
    type Output = ();

    #[inline]
    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.push(byte, self.1);
        Ok(())
    }

    #[inline]
    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        self.0.extend(bytes, self.1);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde::ser::SerializeTuple;

    use super::*;

    /// Fails after a part of it has been written.
    struct HalfWritten;

    impl Serialize for HalfWritten {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut tuple = serializer.serialize_tuple(2)?;
            tuple.serialize_element(&7_u64)?;
            Err(serde::ser::Error::custom("no"))
        }
    }

    fn body(values: &[&str]) -> Body {
        let mut body = Body::new(2);
        for value in values {
            append(&mut body, value, &mut |_| None).unwrap();
        }
        body
    }

    #[test]
    fn a_value_that_cannot_be_encoded_leaves_no_trace() {
        let mut body = body(&["first"]);
        let before = body.bytes().to_vec();
        assert!(append(&mut body, &HalfWritten, &mut |_| None).is_err());
        assert_eq!(body.bytes(), before);
    }

    #[test]
    fn pieces_come_back_in_order_and_a_cut_one_does_not() {
        let body = body(&["first", "second"]);
        let bytes = body.bytes();
        let mut at = 0;
        let first = piece(bytes, &mut at).unwrap();
        assert_eq!(decode(first), Ok("first".to_owned()));
        assert_eq!(piece(&bytes[..bytes.len() - 1], &mut at), None);
        let second = piece(bytes, &mut at).unwrap();
        assert_eq!(decode(second), Ok("second".to_owned()));
        assert_eq!(piece(bytes, &mut at), None);
    }
}
