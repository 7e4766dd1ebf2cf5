//! What is in a chart, whatever the figures; and one of each, whole.

mod drawing;
mod fixture;
mod layout;
mod structure;

use super::{STYLE, Size};

/// Prints the whole chart where it differs, so that it can be looked at and kept in `expected/`.
fn assert_is(found: &str, expected: &str) {
    assert!(found == expected, "the chart is now:\n{found}");
}

#[test]
fn one_of_each() {
    let chart = |name: &str| {
        let (_, draw) = fixture::all()
            .into_iter()
            .find(|(called, _)| *called == name)
            .unwrap();
        draw(Size::Wide).inline().into_string() + "\n"
    };
    assert_is(&chart("ratio"), include_str!("expected/ratio.svg"));
    assert_is(&chart("wall"), include_str!("expected/wall.svg"));
    assert_is(&chart("scaling"), include_str!("expected/scaling.svg"));
    assert_is(&chart("cpu"), include_str!("expected/cpu.svg"));
    assert_is(&chart("memory"), include_str!("expected/memory.svg"));
    assert_is(&chart("timeline"), include_str!("expected/timeline.svg"));
    assert_is(&chart("marks"), include_str!("expected/marks.svg"));
    assert_is(&chart("shares"), include_str!("expected/shares.svg"));
    assert_is(&chart("curves"), include_str!("expected/curves.svg"));
    assert_is(&chart("payloads"), include_str!("expected/payloads.svg"));
}

#[test]
fn every_look_has_a_colour_in_the_style_sheet() {
    let (light, _) = STYLE.split_once("@media").unwrap();
    for look in fixture::LOOKS {
        assert!(
            light.contains(&format!(".chart .{}{{", look.class())),
            "{look:?}"
        );
    }
}
