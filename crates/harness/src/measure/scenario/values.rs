//! What `{workers}` and the like stand for.

use std::ffi::{OsStr, OsString};
use std::path::Path;

/// What is substituted in the arguments of a program.
#[derive(Clone, Copy, Debug)]
pub struct Values<'a> {
    /// `{workers}`: how many workers the program shall have.
    pub workers: u32,
    /// `{case}`: the name of the case.
    pub case: &'a str,
    /// `{seed}`: what random numbers shall be made from.
    pub seed: u64,
    /// `{service}`: where the scenario's service listens; empty where there is none.
    pub service: &'a str,
    /// `{root}`: the folder of the workspace.
    pub root: &'a Path,
    /// `{python}`: the Python interpreter; empty where none is needed.
    pub python: &'a Path,
}

impl Values<'_> {
    /// `text` with every value in its place. Unknown names in braces stay as they are.
    pub fn fill(&self, text: &str) -> OsString {
        let mut filled = OsString::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            filled.push(&rest[..open]);
            rest = &rest[open..];
            if let Some((value, after)) = self.leading(rest) {
                filled.push(value);
                rest = after;
            } else {
                filled.push("{");
                rest = &rest[1..];
            }
        }
        filled.push(rest);
        filled
    }

    /// The value of the name in braces that `text` begins with, and what follows it.
    fn leading<'t>(&self, text: &'t str) -> Option<(OsString, &'t str)> {
        let values: [(&str, OsString); 6] = [
            ("{workers}", self.workers.to_string().into()),
            ("{case}", self.case.into()),
            ("{seed}", self.seed.to_string().into()),
            ("{service}", self.service.into()),
            // A path need not be valid UTF-8.
            ("{root}", OsStr::new(self.root).to_owned()),
            ("{python}", OsStr::new(self.python).to_owned()),
        ];
        values
            .into_iter()
            .find_map(|(name, value)| Some((value, text.strip_prefix(name)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_once_and_other_braces_stay() {
        let values = Values {
            workers: 3,
            case: "{seed}",
            seed: 9,
            service: "http://a:1",
            root: Path::new("/w"),
            python: Path::new("/p"),
        };
        let filled = values.fill("{root}/x {workers}{case} {service}/y ${HOME} {python} {print} {");
        assert_eq!(filled, "/w/x 3{seed} http://a:1/y ${HOME} /p {print} {");
    }
}
