//! Every run, as a table for people and programs: comma-separated values in the page itself.

use maud::{Markup, html};

use crate::measure::samples::{Sample, Samples};

const TITLES: &str =
    "scenario,case,contestant,workers,block,position,control,wall_ns,user_ns,system_ns";

/// All runs, warm-ups and control runs included, folded away.
pub(super) fn runs(samples: &Samples) -> Markup {
    let lines: Vec<String> = samples.samples.iter().map(line).collect();
    html! {
        section {
            h2 { "Every run" }
            p {
                "Wall and CPU times in nanoseconds, in the order in which they were measured; block 0 warms up. "
                "What else is known of each run, and of the machine around it, stands in samples.jsonl."
            }
            details {
                summary { (lines.len()) " runs as comma-separated values" }
                pre #runs { (TITLES) "\n" (lines.join("\n")) "\n" }
            }
        }
    }
}

fn line(run: &Sample) -> String {
    let cpu = run
        .cpu
        .map(|cpu| (cpu.user_ns.to_string(), cpu.system_ns.to_string()));
    let (user, system) = cpu.unwrap_or_default();
    let names = [&run.scenario, &run.case, &run.contestant].map(|name| quoted(name));
    format!(
        "{},{},{},{},{},{},{user},{system}",
        names.join(","),
        run.workers,
        run.block,
        run.position,
        run.control,
        run.wall_ns
    )
}

fn quoted(name: &str) -> String {
    if name.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", name.replace('"', "\"\""))
    } else {
        name.to_owned()
    }
}
