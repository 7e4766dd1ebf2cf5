//! `scenario.toml` as it is written, and the checks that make a [`Scenario`] of it.

use std::num::NonZeroU32;

use serde::Deserialize;
use toml::Spanned;

use super::check::{Fault, names, one_line};
use super::{Contestant, Launch, Program, Scenario};
use crate::measure::samples::{Article, CasePlan};
use crate::record::Model;

/// Makes a scenario of the text of its file.
pub(super) fn parse(name: &str, text: &str) -> Result<Scenario, Fault> {
    let file: File = toml::from_str(text).map_err(|error| Fault {
        // The rest of the message is a drawing of the line, which does not fit into one.
        cause: error.message().replace('\n', " "),
        span: error.span().unwrap_or_default(),
    })?;
    file.check()?;
    let on_request = file.case.iter().filter(|case| case.on_request);
    Ok(Scenario {
        on_request: on_request.map(|case| case.name.get_ref().clone()).collect(),
        workers: file.workers.iter().map(|workers| workers.get()).collect(),
        service: file
            .service
            .map(|table| ProgramTable::launch(table, "service"))
            .transpose()?,
        name: name.to_owned(),
        question: file.question.into_inner(),
        article: file.article.map(ArticleTable::into_article),
        baseline: file.baseline.into_inner(),
        input: file
            .input
            .map(|table| ProgramTable::launch(table, "input"))
            .transpose()?,
        cases: file.case.into_iter().map(CaseTable::into_plan).collect(),
        contestants: file
            .contestant
            .into_iter()
            .map(|contestant| contestant.into_contestant(&file.args))
            .collect::<Result<_, _>>()?,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    question: Spanned<String>,
    baseline: Spanned<String>,
    #[serde(default)]
    args: Vec<String>,
    workers: Option<NonZeroU32>,
    article: Option<ArticleTable>,
    service: Option<Spanned<ProgramTable>>,
    input: Option<Spanned<ProgramTable>>,
    #[serde(default)]
    case: Vec<CaseTable>,
    #[serde(default)]
    contestant: Vec<ContestantTable>,
}

impl File {
    fn check(&self) -> Result<(), Fault> {
        one_line(&self.question, "question")?;
        if let Some(article) = &self.article {
            one_line(&article.claim, "claim")?;
            one_line(&article.advice, "advice")?;
        }
        names(
            self.case.iter().map(|case| &case.name),
            "case",
            &self.question,
        )?;
        for case in &self.case {
            one_line(&case.title, "title")?;
        }
        if let [first, ..] = self.case.as_slice()
            && self.case.iter().all(|case| case.on_request)
        {
            let cause = "all cases are `on_request`: one must be measured without being asked for";
            return Err(Fault::at(&first.name, cause));
        }
        let contestants = || self.contestant.iter().map(|contestant| &contestant.name);
        names(contestants(), "contestant", &self.question)?;
        self.check_baseline()
    }

    fn check_baseline(&self) -> Result<(), Fault> {
        let name = self.baseline.get_ref();
        let found = self
            .contestant
            .iter()
            .find(|contestant| contestant.name.get_ref() == name);
        match found {
            None => Err(Fault::at(
                &self.baseline,
                format!("baseline `{name}` is none of the contestants"),
            )),
            Some(contestant) if contestant.reference => Err(Fault::at(
                &self.baseline,
                format!(
                    "baseline `{name}` is a reference, which does not always run: choose another one"
                ),
            )),
            Some(contestant) if contestant.own_checksum => Err(Fault::at(
                &self.baseline,
                format!(
                    "baseline `{name}` has an `own_checksum`: there would be nothing to hold the others to"
                ),
            )),
            Some(_) => Ok(()),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProgramTable {
    package: Option<String>,
    command: Option<Vec<String>>,
    args: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ArticleTable {
    claim: Spanned<String>,
    advice: Spanned<String>,
}

impl ArticleTable {
    fn into_article(self) -> Article {
        Article {
            claim: self.claim.into_inner(),
            advice: self.advice.into_inner(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseTable {
    name: Spanned<String>,
    title: Spanned<String>,
    #[serde(default)]
    on_request: bool,
    #[serde(default)]
    failing: bool,
}

impl CaseTable {
    fn into_plan(self) -> CasePlan {
        CasePlan {
            name: self.name.into_inner(),
            title: self.title.into_inner(),
            failing: self.failing,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ContestantTable {
    name: Spanned<String>,
    model: Model,
    #[serde(default)]
    reference: bool,
    #[serde(default)]
    own_checksum: bool,
    package: Option<String>,
    command: Option<Vec<String>>,
    args: Option<Vec<String>>,
}

impl ProgramTable {
    fn launch(this: Spanned<Self>, part: &str) -> Result<Launch, Fault> {
        let span = this.span();
        let Self {
            package,
            command,
            args,
        } = this.into_inner();
        launch(package, command, args, &[]).map_err(|cause| Fault {
            cause: format!("[{part}] {cause}"),
            span,
        })
    }
}

impl ContestantTable {
    fn into_contestant(self, default_args: &[String]) -> Result<Contestant, Fault> {
        let launch =
            launch(self.package, self.command, self.args, default_args).map_err(|cause| {
                Fault::at(
                    &self.name,
                    format!("contestant `{}` {cause}", self.name.get_ref()),
                )
            })?;
        Ok(Contestant {
            name: self.name.into_inner(),
            model: self.model,
            reference: self.reference,
            own_checksum: self.own_checksum,
            launch,
        })
    }
}

/// What to start, from the three keys that say so. The error goes on after the name of what it is for.
fn launch(
    package: Option<String>,
    command: Option<Vec<String>>,
    args: Option<Vec<String>>,
    default_args: &[String],
) -> Result<Launch, &'static str> {
    match (package, command, args) {
        (Some(package), None, args) => Ok(Launch {
            program: Program::Package(package),
            args: args.unwrap_or_else(|| default_args.to_vec()),
        }),
        (None, Some(mut command), None) if !command.is_empty() => {
            let program = Program::Command(command.remove(0));
            Ok(Launch {
                program,
                args: command,
            })
        }
        (None, Some(_), None) => Err("has an empty `command`"),
        (None, Some(_), Some(_)) => Err("has `args` beside `command`: put them into `command`"),
        (None, None, _) => Err("needs a `package` or a `command`"),
        (Some(_), Some(_), _) => Err("has both a `package` and a `command`: keep one"),
    }
}

#[cfg(test)]
mod tests;
