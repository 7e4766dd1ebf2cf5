//! From which task on workers are worth it.

use std::fs;

use spawner::Place;

use super::*;

#[test]
fn every_way_has_costs_at_every_length_and_a_picture() {
    if is_sequential() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (picture, beside) = (folder.path().join("a.svg"), folder.path().join("b.json"));
    let draw = picture.to_str().unwrap();
    // Ten blocks are enough for an interval that is not the whole range.
    let found = record(&["--break-even", "--samples", "10", "--draw", draw]);
    let names: Vec<_> = found
        .break_evens
        .iter()
        .map(|one| one.way.as_str())
        .collect();
    assert_eq!(names, ways());
    for one in &found.break_evens {
        assert_eq!((one.blocks, one.costs.len()), (10, 14));
        assert!(
            one.costs
                .windows(2)
                .all(|two| two[0].task_ns < two[1].task_ns)
        );
        assert!(
            is_in_order(one.low_ns, one.from_ns) && is_in_order(one.from_ns, one.high_ns),
            "{one:?}"
        );
        // However little a way costs, it is not worth it for nothing, and two tasks take as long as two tasks.
        for cost in &one.costs {
            assert!(cost.way_ns.median > cost.task_ns * 0.5, "{cost:?}");
        }
    }
    // A curve for each way, and one for both tasks in place.
    assert_eq!(curves(&picture), ways().len() + 1);

    fs::write(&beside, serde_json::to_vec(&found).unwrap()).unwrap();
    let both = record(&[
        "--break-even",
        "--samples",
        "6",
        "--way",
        ways()[0],
        "--draw",
        draw,
        "--beside",
        beside.to_str().unwrap(),
    ]);
    assert_eq!(both.break_evens.len(), ways().len() + 1);
    assert_eq!(both.break_evens[..ways().len()], found.break_evens);
    assert_eq!(curves(&picture), ways().len() + 2);
}

fn is_in_order(one: Place, other: Place) -> bool {
    match (one, other) {
        (Place::Below, _) | (_, Place::Above) => true,
        (Place::At(one), Place::At(other)) => one <= other,
        _ => false,
    }
}

/// How many lines a picture has that are curves.
fn curves(picture: &Path) -> usize {
    let text = fs::read_to_string(picture).unwrap();
    let document = roxmltree::Document::parse(&text).unwrap();
    let lines = document
        .descendants()
        .filter(|node| node.tag_name().name() == "polyline");
    lines.count()
}

#[test]
fn what_is_beside_must_be_a_record() {
    if is_sequential() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record.json");
    let beside = |words: &str| {
        let output = run(&[
            "--break-even",
            "--samples",
            "6",
            "--beside",
            path.to_str().unwrap(),
        ]);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(contains(&output.stderr, words), "{output:?}");
        assert!(contains(&output.stderr, "record.json"), "{output:?}");
    };
    beside("cannot be read");
    fs::write(&path, "{}").unwrap();
    beside("is no record of a spawner");
}

#[test]
fn a_picture_that_cannot_be_written_is_named() {
    if is_sequential() {
        return;
    }
    let output = run(&[
        "--break-even",
        "--samples",
        "6",
        "--way",
        ways()[0],
        "--draw",
        "/nowhere/at/all.svg",
    ]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(
        contains(&output.stderr, "/nowhere/at/all.svg: cannot be written"),
        "{output:?}"
    );
    // What was found is told all the same.
    assert!(contains(&output.stdout, ways()[0]), "{output:?}");
}
