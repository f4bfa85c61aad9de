import type { Command } from 'commander'
import { cleanResources, type CleanCommandOptions } from '../commands/db-clean.js'
import { showResources, type StatusOptions } from '../commands/db-status.js'
import { rebuildTemplates, type TemplateOptions } from '../commands/db-template.js'
import { printUrl, type UrlOptions } from '../commands/db-url.js'
import { CLEAN_HELP, DB_HELP, STATUS_HELP, TEMPLATE_HELP, URL_HELP } from './help.js'
import type { Invocation } from './invocation.js'
import { parseCount } from './numbers.js'

const RESOURCE = ['--resource <name>', 'only that of `resources` in heddle.config'] as const

/** `heddle db …`, and `heddle clean`. */
export function addDbCommands(program: Command, invocation: Invocation): void {
  const db = program
    .command('db')
    .description('Show and clean the databases and other resources that runs have made.')
    .addHelpText('after', DB_HELP)
  addStatus(db, invocation)
  addUrl(db, invocation)
  addClean(db, invocation)
  addTemplate(db, invocation)
  addClean(program, invocation)
}

function addStatus(db: Command, { terminal, onEnd }: Invocation): void {
  db.command('status')
    .description('List servers, templates and databases of all runs.')
    .option(...RESOURCE)
    .option('--json', 'print JSON')
    .allowExcessArguments(false)
    .addHelpText('after', STATUS_HELP)
    .action(async (options: StatusOptions) => onEnd(await showResources(options, terminal)))
}

function addUrl(db: Command, { terminal, onEnd }: Invocation): void {
  db.command('url')
    .description('Print the URL of one database, with its password, for psql and the like.')
    .argument('[name]', 'of the database, as `heddle db status` shows it')
    .option('--slot <n>', 'the database of that worker', parseCount)
    .option('--hold', 'keep a server of heddle’s own running until Ctrl-C')
    .option(...RESOURCE)
    .allowExcessArguments(false)
    .addHelpText('after', URL_HELP)
    .action(async (name: string | undefined, options: UrlOptions) => onEnd(await printUrl(name, options, terminal)))
}

function addClean(parent: Command, { terminal, onEnd }: Invocation): void {
  parent
    .command('clean')
    .description('Remove what runs left that were killed.')
    .option('--all', 'also what this project keeps from run to run and nobody uses: templates, slots, own servers')
    .option('--dry-run', 'only say what would be removed')
    .option('--yes', 'with --all: do not ask')
    .option(...RESOURCE)
    .allowExcessArguments(false)
    .addHelpText('after', CLEAN_HELP)
    .action(async (options: CleanCommandOptions) => onEnd(await cleanResources(options, terminal)))
}

function addTemplate(db: Command, { terminal, onEnd }: Invocation): void {
  db.command('template')
    .description('Make templates anew: run migrations and seed again.')
    .requiredOption('--rebuild', 'also if nothing has changed')
    .option(...RESOURCE)
    .allowExcessArguments(false)
    .addHelpText('after', TEMPLATE_HELP)
    .action(async (options: TemplateOptions) => onEnd(await rebuildTemplates(options, terminal)))
}
