//! One picture of all results.

use resizer_pixels::Sheet;

use super::*;

/// What `resizer-pixels` makes of these cells, asked directly.
fn sheet(cells: &[Option<&[u8]>], format: Format) -> Vec<u8> {
    let mut sheet = Sheet::new(cells.len());
    for cell in cells {
        sheet.add(*cell);
    }
    sheet.encode(format).unwrap()
}

#[test]
fn a_sheet_has_a_cell_for_each_picture_in_their_order() {
    let dir = tempfile::tempdir().unwrap();
    let contents = [1, 2, 3].map(|seed| photo_of(320, 240, seed));
    for (name, content) in ["c.jpg", "a.jpg", "b.jpg"].iter().zip(&contents) {
        put(dir.path(), name, content);
    }
    let small = contents.map(|content| expected(&content, settings()));
    let cells = [Some(&small[0][..]), None, Some(&small[1]), Some(&small[2])];
    for (name, format) in [
        ("sheet.jpg", Format::Jpeg),
        ("sheet.png", Format::Png),
        ("sheet.webp", Format::WebP),
    ] {
        let pictures = ["c.jpg", "nosuch.jpg", "a.jpg", "b.jpg"];
        let option = ["--contact-sheet", name];
        let output = run(dir.path(), option.iter().chain(&pictures));
        assert_eq!(status(&output), Some(1), "{output:?}");
        let made = fs::read(dir.path().join(name)).unwrap();
        assert_eq!(Format::of(&made), Some(format));
        // From the second time on the pictures are kept, and shown all the same.
        assert!(made == sheet(&cells, format), "{name} is another picture");
    }
    let left = everything(dir.path());
    assert!(!left.iter().any(|path| path.contains(".resizer-")));
}

#[test]
fn a_sheet_that_exists_is_kept_and_that_is_told_before_anything_is_done() {
    let dir = photos(["a.jpg"]);
    put(dir.path(), "sheet.jpg", b"old");
    let args = ["--contact-sheet", "sheet.jpg", "a.jpg"];
    let output = run(dir.path(), args);
    assert_eq!(status(&output), Some(1), "{output:?}");
    let said = "the contact sheet sheet.jpg exists (--overwrite replaces it)";
    assert!(contains(&output.stderr, said), "{output:?}");
    assert!(!dir.path().join("out").exists());
    let output = run(dir.path(), ["--overwrite"].iter().chain(&args));
    assert_eq!(status(&output), Some(0), "{output:?}");
    assert!(fs::read(dir.path().join("sheet.jpg")).unwrap() != b"old");
}

#[test]
fn a_sheet_is_not_read_as_one_of_the_pictures() {
    let dir = photos(["in/a.jpg"]);
    for _ in 0..2 {
        let args = ["--overwrite", "--contact-sheet", "in/sheet.jpg", "-r", "in"];
        let output = run(dir.path(), args);
        assert_eq!(status(&output), Some(0), "{output:?}");
        assert_eq!(lines(&output.stdout).len(), 1, "{output:?}");
    }
    assert_eq!(names(&dir.path().join("out")), ["a.jpg"]);
}

#[test]
fn a_sheet_needs_a_name_that_says_its_format_and_a_folder() {
    let dir = photos(["a.jpg"]);
    for (name, said) in [
        ("sheet", "needs a name that ends in .jpg, .png or .webp"),
        ("nosuch/sheet.jpg", "cannot write in the folder nosuch"),
    ] {
        let output = run(dir.path(), ["--contact-sheet", name, "a.jpg"]);
        assert_eq!(status(&output), Some(1), "{output:?}");
        assert!(contains(&output.stderr, said), "{output:?}");
    }
}
