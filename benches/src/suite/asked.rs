//! What of the suite is asked for: criterion's arguments, as far as they say it.

use std::time::Duration;

use anyhow::{Context, Result};
use regex::Regex;

use crate::Group;

/// Options of criterion whose next argument is their value. The others are switches or, alone, the filter.
const WITH_VALUE: [&str; 16] = [
    "--baseline",
    "--baseline-lenient",
    "--color",
    "--confidence-level",
    "--format",
    "--load-baseline",
    "--measurement-time",
    "--noise-threshold",
    "--nresamples",
    "--output-format",
    "--plotting-backend",
    "--profile-time",
    "--sample-size",
    "--save-baseline",
    "--significance-level",
    "--warm-up-time",
];
/// As above, by one letter.
const WITH_VALUE_SHORT: [&str; 3] = ["-b", "-c", "-s"];
/// Options with which only criterion's own work is wanted: its baselines, a try, a list, a profile.
const CRITERIONS_OWN: [&str; 9] = [
    "--baseline",
    "--baseline-lenient",
    "--list",
    "--load-baseline",
    "--profile-time",
    "--save-baseline",
    "--test",
    "-b",
    "-s",
];
/// What criterion needs beside measuring itself, for a bench: to make the side, and to compute.
const BESIDE: Duration = Duration::from_millis(700);
/// What the comparison of a scenario takes, about: what took six scenarios 172 s to 210 s on two cores.
const A_SCENARIO: Duration = Duration::from_secs(35);

/// What of the suite is asked for.
pub struct Asked {
    /// The groups to bench. Criterion sees to it that of these only the benches run that are asked for.
    pub groups: Vec<Group>,
    /// The scenarios to compare in blocks.
    pub scenarios: Vec<String>,
    benches: u32,
    /// Whether times are measured at all.
    timed: bool,
}

impl Asked {
    /// What these arguments of criterion ask for, out of `groups`.
    ///
    /// # Errors
    /// If a filter is no regular expression.
    pub fn new(arguments: impl IntoIterator<Item = String>, groups: Vec<Group>) -> Result<Self> {
        let arguments: Vec<_> = arguments.into_iter().collect();
        // As `cargo test --benches` starts it, criterion does everything once.
        let mut timed = arguments.iter().any(|argument| argument == "--bench");
        let (mut filters, mut criterions_own) = (Vec::new(), !timed);
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let name = argument.split('=').next().unwrap_or_default();
            criterions_own |= CRITERIONS_OWN.contains(&name);
            timed &= !["--test", "--list", "--load-baseline"].contains(&name);
            if !argument.starts_with('-') {
                let filter = Regex::new(&argument);
                filters.push(filter.with_context(|| format!("no filter: {argument}"))?);
            } else if name == argument
                && (WITH_VALUE.contains(&name) || WITH_VALUE_SHORT.contains(&name))
            {
                arguments.next();
            }
        }
        let is_asked = |group: &Group, side: &str| {
            let id = format!("{}/{side}", group.name);
            filters.is_empty() || filters.iter().any(|filter| filter.is_match(&id))
        };
        let benches = |group: &Group| {
            let sides = group.sides.iter();
            sides.filter(|(side, _)| is_asked(group, side)).count() as u32
        };
        let groups: Vec<_> = groups.into_iter().filter(|one| benches(one) > 0).collect();
        Ok(Self {
            scenarios: if criterions_own {
                Vec::new()
            } else {
                scenarios(&groups)
            },
            benches: groups.iter().map(benches).sum(),
            groups,
            timed,
        })
    }

    /// What will be done and how long that takes, where each bench takes so long. None where no time is measured.
    pub fn announcement(&self, each: Duration) -> Option<String> {
        let benches = self.benches * (each + BESIDE);
        let comparisons = self.scenarios.len() as u32 * A_SCENARIO;
        let minutes = |time: Duration| match time.as_secs() {
            seconds @ ..100 => format!("{seconds} s"),
            seconds => format!("{} minutes", seconds.div_ceil(60)),
        };
        self.timed.then(|| {
            let what = match self.scenarios.len() {
                0 => "no comparison in blocks (`cargo versus` makes one)".to_owned(),
                1 => format!("then {} in blocks", self.scenarios[0]),
                all => format!("then {all} scenarios in blocks"),
            };
            format!(
                "{} benches, {what}: about {} after the build",
                self.benches,
                minutes(benches + comparisons)
            )
        })
    }
}

/// The scenarios that groups are of, each once: the first word of their names, but for that of the library.
fn scenarios(groups: &[Group]) -> Vec<String> {
    let words = groups
        .iter()
        .filter_map(|group| group.name.split(' ').next());
    let mut scenarios: Vec<_> = words
        .filter(|word| *word != "procpool")
        .map(str::to_owned)
        .collect();
    scenarios.dedup();
    scenarios
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(arguments: &str) -> Asked {
        let arguments = arguments.split_whitespace().map(str::to_owned);
        Asked::new(arguments, crate::groups()).unwrap()
    }

    #[test]
    fn without_arguments_every_scenario_is_compared() {
        let all = asked("--bench");
        let expected = [
            "counter",
            "downloader",
            "hasher",
            "messenger",
            "resizer",
            "spawner",
        ];
        assert_eq!(all.scenarios, expected);
        assert_eq!(all.groups.len(), crate::groups().len());
        let said = all.announcement(Duration::from_secs(2)).unwrap();
        assert!(said.contains("6 scenarios in blocks: about "), "{said}");
        assert!(said.contains(" minutes"), "{said}");
    }

    #[test]
    fn a_filter_chooses_benches_and_scenarios() {
        let hasher = asked("--bench hasher --noplot");
        assert_eq!(hasher.scenarios, ["hasher"]);
        assert_eq!((hasher.groups.len(), hasher.benches), (1, 3));
        let one = asked("--bench hasher/threads");
        assert_eq!((one.benches, one.scenarios.len()), (1, 1));
        assert_eq!(asked("--bench procpool").scenarios, [""; 0]);
        assert_eq!(asked("--bench ^counter.*/thr").benches, 3);
        assert_eq!(asked("--bench nothing-like-it").benches, 0);
        assert!(Asked::new(["(".to_owned()], Vec::new()).is_err());
    }

    #[test]
    fn the_value_of_an_option_is_no_filter() {
        let all = asked("--bench --sample-size 20 --measurement-time=3");
        assert_eq!(all.scenarios.len(), 6);
        let one = asked("--bench --sample-size 20 resizer");
        assert_eq!(one.scenarios, ["resizer"]);
    }

    #[test]
    fn what_is_criterions_own_is_not_compared_in_blocks() {
        for option in ["--save-baseline x", "--baseline=x", "--test", "--list"] {
            let own = asked(&format!("--bench {option} hasher"));
            assert_eq!((own.scenarios.len(), own.benches), (0, 3), "{option}");
        }
        let each = Duration::from_secs(2);
        assert!(asked("--bench --test").announcement(each).is_none());
        assert!(asked("").announcement(each).is_none());
        let said = asked("--bench --save-baseline x")
            .announcement(each)
            .unwrap();
        assert!(said.contains("no comparison in blocks"), "{said}");
    }
}
