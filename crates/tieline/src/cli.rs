//! The command line: every command, its arguments, and help with examples.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use tieline_model::access::Role;

/// See who works with whom, find whom to work with, keep partnerships alive.
#[derive(Debug, Parser)]
#[command(
    name = "tieline",
    version,
    about,
    long_about = "Tieline turns the mail, calendars, contacts and directories you already have \
                  into a living map of people, departments and organisations, and tells what to \
                  do about its gaps. Message headers only: subjects and bodies are never kept.",
    after_help = "First steps:\n  \
        tieline demo                              a made-up coalition, findings and a report\n  \
        tieline import ~/Mail directory.csv       your own archives\n  \
        tieline network                           what they say\n  \
        tieline report -o report.html             a page to print or to send",
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
pub(crate) struct Cli {
    /// Data folder. Everything Tieline knows is in it.
    #[arg(long, global = true, env = "TIELINE_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read archives: mail, calendars, contacts, directories, networks
    Import(ImportArgs),
    /// List imports, show what one read and left out, take one back
    Imports(ImportsArgs),
    /// List people, show one, or erase one
    People(PeopleArgs),
    /// List organisations and departments
    Units(UnitsArgs),
    /// Who is who: review, merge and split identities
    Identities(IdentitiesArgs),
    /// The network: silos, brokers, paths, what-if, change
    Network(NetworkArgs),
    /// Write the findings as one self-contained page
    Report(ReportArgs),
    /// Import the demo world and open it in the browser
    Demo(DemoArgs),
    /// Serve the web application
    Serve(ServeArgs),
    /// Run imports that were asked for in the browser, beside `tieline serve --no-worker`
    Worker,
    /// Print a one-time link that signs an account in
    Link(LinkArgs),
    /// Who may sign in: list, invite, set a role, take the right away
    Accounts(AccountsArgs),
    /// Try whether mail can be sent
    Mail {
        #[command(subcommand)]
        action: MailAction,
    },
    /// Show or check the configuration
    Config(ConfigArgs),
    /// Check the store and the lake
    Check,
    /// Copy the whole data folder into one file, also while the server runs
    #[command(after_help = "Example:\n  tieline backup /backups/tieline-2026-11-23.tar.zst")]
    Backup {
        /// The file to write; it must not be there yet
        file: PathBuf,
    },
    /// Fill an empty data folder from a backup
    #[command(
        after_help = "Example:\n  tieline --data NEW restore /backups/tieline-2026-11-23.tar.zst"
    )]
    Restore {
        /// The backup
        file: PathBuf,
    },
    /// Move a complete workspace: export it, or import one into an empty data folder
    Workspace {
        #[command(subcommand)]
        action: WorkspaceAction,
    },
    /// Print a completion script for a shell
    #[command(
        after_help = "Example:\n  tieline completions bash > ~/.local/share/bash-completion/completions/tieline"
    )]
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page (roff)
    #[command(after_help = "Example:\n  tieline man | man -l -")]
    Man,
}

/// Trying mail.
#[derive(Debug, Subcommand)]
pub(crate) enum MailAction {
    /// Send a letter by the mail server that tieline.toml names
    #[command(after_help = "Example:\n  tieline mail test me@example.org")]
    Test {
        /// To whom
        address: String,
    },
}

/// Moving a workspace.
#[derive(Debug, Subcommand)]
pub(crate) enum WorkspaceAction {
    /// Write everything into one file that does not depend on the database
    Export {
        /// The file to write; it must not be there yet
        file: PathBuf,
    },
    /// Fill an empty data folder from such a file
    Import {
        /// The file
        file: PathBuf,
    },
}

/// How a listing is printed.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Format {
    /// Print JSON, one object per line
    #[arg(long, conflicts_with = "csv")]
    pub(crate) json: bool,
    /// Print CSV with a header row
    #[arg(long)]
    pub(crate) csv: bool,
}

/// Which part of time and of the organisation.
#[derive(Debug, Clone, Args)]
pub(crate) struct Scope {
    /// The moment to look from, like 2026-11-16 (that day included). Default: the newest interaction
    /// that is not in the future
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// Look back this far only: 90d, 12w, 6m, 2y. Default: the configured window, or everything
    #[arg(long, value_name = "SPAN")]
    pub(crate) window: Option<String>,
    /// Only this organisation or department (name or id)
    #[arg(long, value_name = "UNIT")]
    pub(crate) unit: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    tieline import ~/Mail/archive.mbox\n  \
    tieline import takeout.zip staff.xlsx calendar.ics\n  \
    tieline import --dry-run staff.csv        shows how each column is understood\n  \
    tieline import --map name=Person --map email=\"E-Mail\" --save-mapping hr staff.csv\n  \
    tieline import --mapping hr staff-december.csv\n\n\
    Reads mbox, Maildir, .eml, Enron-like mail trees, iCalendar, vCard, Google, Outlook and LinkedIn\n\
    contacts, directories (CSV, XLSX), edge lists, GraphML, GEXF, Kumu, Pajek and attendance tables,\n\
    also inside .zip, .tar, .gz, .xz, .zst and .bz2.")]
pub(crate) struct ImportArgs {
    /// Files and folders
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Show what would happen, change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print one JSON object per batch as the last line
    #[arg(long)]
    pub(crate) json: bool,
    /// Read every file as this kind (see `tieline imports kinds`), instead of recognising it
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<String>,
    /// Match a column by hand: FIELD=HEADER, as often as needed
    #[arg(long = "map", value_name = "FIELD=HEADER")]
    pub(crate) map: Vec<String>,
    /// Use a saved column mapping
    #[arg(long, value_name = "NAME")]
    pub(crate) mapping: Option<String>,
    /// Save the mapping given by --map under this name
    #[arg(long, value_name = "NAME")]
    pub(crate) save_mapping: Option<String>,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  tieline imports\n  tieline imports show 3f2a\n  tieline imports undo 3f2a"
)]
pub(crate) struct ImportsArgs {
    #[command(flatten)]
    pub(crate) format: Format,
    #[command(subcommand)]
    pub(crate) action: Option<ImportsAction>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ImportsAction {
    /// Show what one import read, kept, left out and could not read
    Show {
        /// The import's id, or the beginning of it
        id: String,
        #[command(flatten)]
        format: Format,
    },
    /// Take one import back completely
    Undo {
        /// The import's id, or the beginning of it
        id: String,
    },
    /// List the kinds of files that can be read
    Kinds {
        #[command(flatten)]
        format: Format,
    },
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    tieline people --search marsh\n  tieline people --unit Housing --csv\n  \
    tieline people show \"Helen Marsh\"\n  tieline people erase helen@example.org")]
pub(crate) struct PeopleArgs {
    #[command(flatten)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) scope: Scope,
    /// Only people whose name or address contains this
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    /// How many to print at the most
    #[arg(long, default_value_t = 50, value_name = "N")]
    pub(crate) limit: usize,
    /// Continue after this mark (printed below a listing that was cut)
    #[arg(long, value_name = "MARK")]
    pub(crate) after: Option<String>,
    #[command(subcommand)]
    pub(crate) action: Option<PeopleAction>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PeopleAction {
    /// Show one person: addresses, affiliations, how we know, ties
    Show {
        /// Name, address or id
        who: String,
        #[command(flatten)]
        format: Format,
        #[command(flatten)]
        scope: Scope,
    },
    /// Erase a person from the store and the lake; they stay out of later imports
    Erase {
        /// Name, address or id
        who: String,
        /// Do it; without this the command only says what would be erased
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tieline units\n  tieline units --json --as-of 2026-06-30")]
pub(crate) struct UnitsArgs {
    #[command(flatten)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) scope: Scope,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    tieline identities                                 what waits for a look\n  \
    tieline identities merge a@x.org b@y.org --reason \"same person, changed employer\"\n  \
    tieline identities split b@y.org --reason \"her brother\"\n  \
    tieline identities class all-staff@x.org list")]
pub(crate) struct IdentitiesArgs {
    #[command(flatten)]
    pub(crate) format: Format,
    /// How many to print at the most
    #[arg(long, default_value_t = 50, value_name = "N")]
    pub(crate) limit: usize,
    #[command(subcommand)]
    pub(crate) action: Option<IdentitiesAction>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum IdentitiesAction {
    /// Pairs that may be one person, with reasons on both sides
    Review {
        #[command(flatten)]
        format: Format,
    },
    /// Merges that were applied, each with its explanation
    Merges {
        #[command(flatten)]
        format: Format,
    },
    /// Say that two addresses or people are one
    Merge {
        /// Name, address or id
        a: String,
        /// Name, address or id
        b: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Say that an address does not belong to its actor, or that two are different
    Split {
        /// The address
        address: String,
        /// The address or person it is not (default: all others of its actor)
        from: Option<String>,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Take a decision back
    Forget {
        /// One address of the decision
        a: String,
        /// The other
        b: String,
    },
    /// Say what an address stands for
    Class {
        /// The address
        address: String,
        /// What it is
        class: ClassArg,
        /// Why
        #[arg(long, default_value = "")]
        reason: String,
    },
}

/// What an address stands for; `auto` takes a person's word back.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ClassArg {
    Person,
    List,
    Role,
    Automated,
    Resource,
    Auto,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    tieline network                              summary and findings\n  \
    tieline network silos --json\n  \
    tieline network path \"Marcus Bell\" leila@trust.example\n  \
    tieline network without \"Priya Nair\"\n  \
    tieline network bridges Housing \"Public Health\"\n  \
    tieline network changes --since 2026-05-01")]
pub(crate) struct NetworkArgs {
    #[command(flatten)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) scope: Scope,
    #[command(subcommand)]
    pub(crate) action: Option<NetworkAction>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum NetworkAction {
    /// Size, density, steps apart, and what stands out
    Summary {
        #[command(flatten)]
        format: Format,
        #[command(flatten)]
        scope: Scope,
    },
    /// Pairs of groups with fewer ties than expected
    Silos {
        #[command(flatten)]
        format: Format,
        #[command(flatten)]
        scope: Scope,
    },
    /// People who join groups up
    Brokers {
        #[command(flatten)]
        format: Format,
        #[command(flatten)]
        scope: Scope,
    },
    /// Measures of each person
    People {
        #[command(flatten)]
        format: Format,
        #[command(flatten)]
        scope: Scope,
    },
    /// Who can introduce A to B
    Path {
        /// Name, address or id
        a: String,
        /// Name, address or id
        b: String,
        /// Steps at the most
        #[arg(long, default_value_t = 3)]
        hops: usize,
        #[command(flatten)]
        format: Format,
        #[command(flatten)]
        scope: Scope,
    },
    /// What breaks without these people (nothing is saved)
    Without {
        /// Names, addresses or ids
        #[arg(required = true)]
        who: Vec<String>,
        #[command(flatten)]
        format: Format,
        #[command(flatten)]
        scope: Scope,
    },
    /// The smallest set of new ties that closes the gap between two units
    Bridges {
        /// Unit name or id
        a: String,
        /// Unit name or id
        b: String,
        #[command(flatten)]
        format: Format,
        #[command(flatten)]
        scope: Scope,
    },
    /// What changed between two moments
    Changes {
        /// The earlier moment
        #[arg(long, value_name = "DATE")]
        since: Option<String>,
        #[command(flatten)]
        format: Format,
        #[command(flatten)]
        scope: Scope,
    },
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    tieline report -o report.html\n  \
    tieline report -o for-the-board.html --hide-names --title \"Warm Homes, autumn 2026\"")]
pub(crate) struct ReportArgs {
    /// Where to write the page; - for standard output
    #[arg(short, long, default_value = "report.html", value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// Leave out the names of individuals
    #[arg(long)]
    pub(crate) hide_names: bool,
    /// Title shown at the top
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    #[command(flatten)]
    pub(crate) scope: Scope,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  tieline demo\n  tieline demo --once -o demo-report.html   (findings and report only)"
)]
pub(crate) struct DemoArgs {
    /// Where to write the report
    #[arg(short, long, default_value = "demo-report.html", value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// Tell the findings, write the report, and stop: no server
    #[arg(long)]
    pub(crate) once: bool,
    /// Port of the web application, on loopback; 0 = any free one
    #[arg(long, default_value_t = 8080, value_name = "PORT", conflicts_with = "once")]
    pub(crate) port: u16,
    /// Do not open a browser
    #[arg(long)]
    pub(crate) no_open: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  tieline serve\n  tieline serve --listen 127.0.0.1:9000 --no-open\n\nThe first run prints a link that makes you the owner. Other commands may be used while it runs;\nthe pages follow."
)]
pub(crate) struct ServeArgs {
    /// Address and port to listen on. Other machines reach it only if you say so, and then over TLS:
    /// --tls-cert and --tls-key, or a proxy that adds it (see --secure)
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS", env = "TIELINE_LISTEN")]
    pub(crate) listen: std::net::SocketAddr,
    /// Browsers reach the server over TLS (by a proxy): mark cookies for it
    #[arg(long)]
    pub(crate) secure: bool,
    /// Certificate with its chain, a PEM file: the server speaks TLS itself. A new file is used
    /// without a restart
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Key of the certificate, a PEM file
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Do not open a browser
    #[arg(long)]
    pub(crate) no_open: bool,
    /// Leave imports to `tieline worker`, started apart
    #[arg(long)]
    pub(crate) no_worker: bool,
    /// Form of the log lines on standard error
    #[arg(long, value_enum, default_value_t = LogFormat::Text, value_name = "FORMAT")]
    pub(crate) log_format: LogFormat,
}

/// Form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tieline link Amara")]
pub(crate) struct LinkArgs {
    /// Name of the account. Default: the owner
    pub(crate) account: Option<String>,
    /// Where the server is reached
    #[arg(long, default_value = "http://127.0.0.1:8080", value_name = "URL")]
    pub(crate) base: String,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    tieline accounts\n  \
    tieline accounts invite Amara --role steward   prints a link that signs her in once\n  \
    tieline accounts close Amara                   no more signing in; sessions end")]
pub(crate) struct AccountsArgs {
    #[command(subcommand)]
    pub(crate) action: Option<AccountsAction>,
    #[command(flatten)]
    pub(crate) format: Format,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountsAction {
    /// Make an account and print the link that signs it in, once, within the hour
    Invite {
        /// Name that colleagues see and that it signs in with
        name: String,
        /// What the account may do: member, steward or owner
        #[arg(long, default_value = "member", value_parser = role)]
        role: Role,
        /// Where the server is reached
        #[arg(long, default_value = "http://127.0.0.1:8080", value_name = "URL")]
        base: String,
    },
    /// Set what an account may do; someone always stays owner
    Role {
        /// Name that it signs in with
        account: String,
        /// member, steward or owner
        #[arg(value_parser = role)]
        role: Role,
    },
    /// Take the right to sign in away; open sessions end
    Close {
        /// Name that it signs in with
        account: String,
    },
    /// Give the right to sign in back
    Open {
        /// Name that it signs in with
        account: String,
    },
}

fn role(text: &str) -> Result<Role, String> {
    let found = Role::from_name(text).filter(|role| *role != Role::Guest);
    found.ok_or_else(|| "a role is member, steward or owner".to_owned())
}

#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    #[command(subcommand)]
    pub(crate) action: Option<ConfigAction>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigAction {
    /// Print the effective values
    Show,
    /// Say whether the file is right
    Check,
    /// Print the path of the file
    Path,
}
