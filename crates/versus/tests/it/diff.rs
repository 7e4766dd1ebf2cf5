//! `versus diff`: what changed between two result folders.

use crate::workspace::Workspace;

/// Takes out of the folder `out` what the machine was like around the blocks: tests run on busy machines.
fn forget_the_machine(workspace: &Workspace, out: &str) {
    let file = format!("{out}/samples.jsonl");
    let samples = workspace.read(&file);
    let lines = samples
        .lines()
        .filter(|line| !line.contains("\"line\":\"block\""));
    let runs: Vec<&str> = lines.collect();
    workspace.write(&file, &(runs.join("\n") + "\n"));
}

/// Two folders.
fn measured_twice() -> Workspace {
    let workspace = Workspace::new();
    for out in ["before", "after"] {
        let args = format!("run --blocks 6 --cases small --seed 3 --out {out}");
        workspace.versus(&args).expect(0);
        forget_the_machine(&workspace, out);
    }
    workspace
}

/// The second folder with every time made so many times longer.
fn slow_down(workspace: &Workspace) {
    let samples = workspace.read("after/samples.jsonl");
    workspace.write(
        "after/samples.jsonl",
        &samples.replace("\"wall_ns\":", "\"wall_ns\":9"),
    );
}

#[test]
fn changes_are_said_contestant_by_contestant() {
    let workspace = measured_twice();
    slow_down(&workspace);
    let said = workspace.versus("diff before after").expect(0).stdout;
    for contestant in ["sequential is", "threads are", "processes are"] {
        assert!(said.contains(&format!("{contestant} ")), "{said}");
    }
    assert!(said.contains("slower than before (95% CI"), "{said}");
    assert!(said.contains("6 and 6 runs)"), "{said}");
}

#[test]
fn two_machines_are_refused_unless_asked_for() {
    let workspace = measured_twice();
    let samples = workspace.read("after/samples.jsonl");
    let cores = samples.split("\"cores\":").nth(1).expect("cores are known");
    let cores: String = cores.chars().take_while(char::is_ascii_digit).collect();
    let other = samples.replacen(&format!("\"cores\":{cores}"), "\"cores\":777", 1);
    workspace.write("after/samples.jsonl", &other);
    let refused = workspace.versus("diff before after").expect(1);
    refused.says(&format!("of two machines (cores usable {cores} and 777)"));
    let said = workspace
        .versus("diff before after --across-machines")
        .expect(0)
        .stdout;
    assert!(said.starts_with("two machines are compared"), "{said}");
}

#[test]
fn folders_without_samples_are_named() {
    let workspace = measured_twice();
    let ended = workspace.versus("diff before nowhere").expect(1);
    ended.says("nowhere/samples.jsonl: No such file or directory (os error 2)\n");
    workspace.versus("diff before").expect(2);
}

#[test]
fn other_commands_of_the_same_name_are_not_compared() {
    let workspace = Workspace::new();
    for (out, command) in [("before", "sleep 0.01"), ("after", "sleep 0.02")] {
        let mut versus = workspace.command("commands --blocks 6 --name a --name b --out");
        versus.args([out, "true", command]);
        crate::workspace::Ended::from(versus.output().unwrap()).expect(0);
        forget_the_machine(&workspace, out);
    }
    let said = workspace.versus("diff before after").expect(0).stdout;
    assert!(
        said.contains("b (1): another command in the second"),
        "{said}"
    );
    assert!(!said.contains("b is"), "{said}");
}
