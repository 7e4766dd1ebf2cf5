//! Turning a picture upright. It is small by then, so this is one plain loop.

use crate::picture::Picture;

/// `picture` turned as EXIF's `orientation` (1 to 8) says.
///
/// Source: CIPA DC-008 (Exif 2.32), tag 274.
pub(crate) fn upright(picture: Picture, orientation: u8) -> Picture {
    if orientation == 1 {
        return picture;
    }
    let (width, height) = if orientation >= 5 {
        (picture.height, picture.width)
    } else {
        (picture.width, picture.height)
    };
    let size = picture.layout.bytes();
    let mut data = Vec::with_capacity(picture.data.len());
    for y in 0..height {
        for x in 0..width {
            let (column, row) = stored((x, y), (width, height), orientation);
            let at = (row as usize * picture.width as usize + column as usize) * size;
            data.extend_from_slice(&picture.data[at..at + size]);
        }
    }
    Picture {
        width,
        height,
        layout: picture.layout,
        data,
    }
}

/// Where in the file the pixel at `(x, y)` of the upright picture of `size` stands.
pub(crate) fn stored((x, y): (u32, u32), size: (u32, u32), orientation: u8) -> (u32, u32) {
    let (right, bottom) = (size.0 - 1 - x, size.1 - 1 - y);
    match orientation {
        2 => (right, y),
        3 => (right, bottom),
        4 => (x, bottom),
        5 => (y, x),
        6 => (y, right),
        7 => (bottom, right),
        8 => (bottom, x),
        _ => (x, y),
    }
}

/// Where in the upright picture of `size` the pixel stands that the file has at `(column, row)`.
pub(crate) fn shown((column, row): (u32, u32), size: (u32, u32), orientation: u8) -> (u32, u32) {
    let (right, bottom) = (size.0 - 1, size.1 - 1);
    match orientation {
        2 => (right - column, row),
        3 => (right - column, bottom - row),
        4 => (column, bottom - row),
        5 => (row, column),
        6 => (right - row, column),
        7 => (right - row, bottom - column),
        8 => (row, bottom - column),
        _ => (column, row),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Layout;

    /// Two columns and three rows, as the letter F would be read: a b / c d / e f.
    fn turned(orientation: u8) -> String {
        let picture = Picture {
            width: 2,
            height: 3,
            layout: Layout::Grey8,
            data: b"abcdef".to_vec(),
        };
        let picture = upright(picture, orientation);
        let rows = picture.data.chunks(picture.width as usize);
        let rows: Vec<_> = rows.map(String::from_utf8_lossy).collect();
        rows.join("/")
    }

    #[test]
    fn all_orientations_stand_upright() {
        let expected = [
            "ab/cd/ef", "ba/dc/fe", "fe/dc/ba", "ef/cd/ab", "ace/bdf", "eca/fdb", "fdb/eca",
            "bdf/ace",
        ];
        for (number, expected) in (1..).zip(expected) {
            assert_eq!(turned(number), expected, "orientation {number}");
        }
    }

    #[test]
    fn shown_undoes_stored() {
        for orientation in 1..=8 {
            let (x, y) = (1, 2);
            let size = (4, 3);
            let there = stored((x, y), size, orientation);
            assert_eq!(
                shown(there, size, orientation),
                (x, y),
                "orientation {orientation}"
            );
        }
    }
}
