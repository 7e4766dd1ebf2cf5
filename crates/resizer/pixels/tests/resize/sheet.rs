//! The contact sheet.

use resizer_pixels::{Format, Photo, Sheet};

#[test]
fn every_picture_has_its_cell_and_what_cannot_be_read_a_cross() {
    let photo = |seed, orientation| {
        Photo {
            width: 400,
            height: 300,
            seed,
            orientation,
            quality: 90,
        }
        .to_jpeg()
    };
    let mut sheet = Sheet::new(6);
    sheet.add(Some(&photo(1, 1)));
    sheet.add(Some(&photo(2, 6)));
    sheet.add(None);
    sheet.add(Some(b"no picture"));
    sheet.add(None);
    sheet.add(Some(&photo(3, 1)));
    sheet.add(Some(&photo(3, 1))); // One too many: there is no room, and that is all.
    let file = sheet.encode(Format::Png).unwrap();
    let sheet = image::load_from_memory(&file).unwrap().to_rgb8();
    // Three columns and two rows of 160 pixels, with gaps of 8.
    assert_eq!(sheet.dimensions(), (512, 344));
    let paper = sheet.get_pixel(0, 0);
    let cell = |column: u32, row: u32| (8 + column * 168, 8 + row * 168);
    let at = |(left, top): (u32, u32), x: u32, y: u32| sheet.get_pixel(left + x, top + y);
    // A photo lies across, one on its side stands, with paper left and right.
    assert_ne!(at(cell(0, 0), 80, 80), paper);
    assert_eq!(at(cell(0, 0), 80, 2), paper);
    assert_ne!(at(cell(1, 0), 80, 2), paper);
    assert_eq!(at(cell(1, 0), 2, 80), paper);
    for crossed in [cell(2, 0), cell(0, 1), cell(1, 1)] {
        assert_ne!(at(crossed, 0, 0), paper);
        assert_ne!(at(crossed, 159, 0), paper);
        assert_eq!(at(crossed, 80, 20), paper);
    }
    assert_ne!(at(cell(2, 1), 80, 80), paper);
}
