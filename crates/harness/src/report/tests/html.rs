//! The report for browsers, and the charts of a case.

use roxmltree::Document;

use super::pages::measurement;
use crate::measure::samples::{MemorySample, Samples};
use crate::report::{Picture, analyse, html, pictures};

fn measured() -> Samples {
    let (header, samples) = measurement();
    let memory = header.scenarios[0].contestants.iter().zip([5, 6, 18, 30]);
    let memory = memory.map(|(who, mebibytes)| MemorySample {
        scenario: "hasher".to_owned(),
        case: "large".to_owned(),
        contestant: who.name.clone(),
        workers: who.workers,
        pass: 0,
        peak_pss_bytes: mebibytes << 20,
        private_bytes: (mebibytes - 1) << 20,
        shared_bytes: 1 << 20,
        peak_rss_sum_bytes: (mebibytes + 2) << 20,
        processes: who.workers,
        looks: 9,
        ran_ns: None,
        delayed_ns: None,
    });
    Samples {
        memory: memory.collect(),
        samples,
        ..Samples::new(header)
    }
}

fn page(samples: &Samples) -> String {
    html(samples, &analyse(samples).unwrap())
}

fn of_large(samples: &Samples) -> Vec<Picture> {
    let found = analyse(samples).unwrap();
    pictures(samples, &found[0], &found[0].cases[0])
}

/// The title of a chart.
fn finding(picture: &Picture) -> String {
    let text = picture.wide.file();
    let document = Document::parse(&text).unwrap();
    let mut titles = document
        .descendants()
        .filter(|node| node.tag_name().name() == "title");
    titles.next().unwrap().text().unwrap().to_owned()
}

#[test]
fn a_case_has_a_chart_a_question_that_carries_its_finding() {
    let pictures = of_large(&measured());
    let findings: Vec<_> = pictures
        .iter()
        .map(|one| (one.kind, finding(one)))
        .collect();
    let begin = |kind: &str| {
        let found = findings.iter().find(|(called, _)| *called == kind);
        found.map_or("", |(_, finding)| finding.as_str())
    };
    assert!(
        begin("ratio").starts_with("processes and threads are equivalent within 3 %"),
        "{findings:?}"
    );
    assert_eq!(begin("wall"), "threads take 362 ms, processes 367 ms");
    assert_eq!(
        begin("cpu"),
        "threads use 692 ms, processes 702 ms of CPU time"
    );
    assert_eq!(
        begin("memory"),
        "processes need 3.00x the memory of threads"
    );
    // One number of workers is no curve, and no run has spans.
    assert_eq!(findings.len(), 4);
}

#[test]
fn several_numbers_of_workers_make_a_curve() {
    let mut measured = measured();
    let mut more = measured.header.scenarios[0].contestants[1].clone();
    more.workers = 1;
    let runs = measured.samples.clone().into_iter();
    let runs = runs.filter(|run| run.contestant == "threads" && !run.control);
    measured.samples.extend(runs.map(|mut run| {
        run.workers = 1;
        run.wall_ns *= 2;
        run
    }));
    measured.header.scenarios[0].contestants.push(more);
    let pictures = of_large(&measured);
    let scaling = pictures.iter().find(|one| one.kind == "scaling").unwrap();
    assert!(
        finding(scaling).starts_with("speed-up over sequential: threads 1.9"),
        "{}",
        finding(scaling)
    );
    assert_eq!(scaling.rows.len(), 2);
}

#[test]
fn every_chart_has_a_table_of_its_figures() {
    for picture in of_large(&measured()) {
        assert!(!picture.rows.is_empty(), "{}", picture.kind);
        for row in &picture.rows {
            assert_eq!(row.len(), picture.titles.len(), "{}: {row:?}", picture.kind);
        }
    }
}

#[test]
fn findings_stand_before_the_figures_and_every_run_is_in_the_page() {
    let samples = measured();
    let page = page(&samples);
    let place = |part: &str| page.find(part).unwrap_or_else(|| panic!("no {part}"));
    let order = [
        "What was found",
        "python-threads are 13.6x slower",
        "<svg",
        "The machine",
        "Every run",
    ];
    assert!(order.windows(2).all(|pair| place(pair[0]) < place(pair[1])));
    assert_eq!(page.matches("<figure>").count(), 4 + 3);
    assert_eq!(page.matches("<svg").count(), 2 * (4 + 3), "for each width");
    let raw = &page[place("id=\"runs\"")..];
    let lines = raw[..raw.find("</pre>").unwrap()].lines().count();
    assert_eq!(lines, 1 + samples.samples.len());
    let first = &samples.samples[0];
    assert!(raw.contains(&format!(
        "hasher,large,{},2,0,0,true,{},",
        first.contestant, first.wall_ns
    )));
}

#[test]
fn the_page_needs_no_script_and_no_network() {
    let page = page(&measured()).replace("http://www.w3.org/2000/svg", "");
    for foreign in [
        "<script", "<iframe", "<object", "http:", "https:", "src=", "@import", "url(", "onload",
        "onclick",
    ] {
        assert!(!page.contains(foreign), "{foreign}");
    }
}

#[test]
fn names_of_others_cannot_become_part_of_the_page() {
    let mut samples = measured();
    let name = "<script>alert(1)</script>&\"'";
    samples.header.scenarios[0].question = name.to_owned();
    samples.header.command = format!("versus run </pre>{name}");
    samples.header.scenarios[0].contestants[2].name = name.to_owned();
    for run in &mut samples.samples {
        if run.contestant == "processes" {
            run.contestant = name.to_owned();
        }
    }
    let page = page(&samples);
    assert!(!page.contains("<script"), "{page}");
    assert!(
        page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;'"),
        "{page}"
    );
}

#[test]
fn without_runs_the_page_says_so() {
    let (header, _) = measurement();
    let page = page(&Samples::new(header));
    assert!(
        page.contains("no counted block, so nothing to compare") && !page.contains("<svg"),
        "{page}"
    );
}
