"""The ``khobor`` command.

``commands/`` has a module for each subcommand, of the same name. Around it are what subcommands share:

- the command line: ``main``, ``command`` (help, ``--stack``, ``--local``), ``boundary`` and ``aws_errors`` (failures),
  ``options``, ``inputs``, ``article_argument``, ``times``, ``completion``, ``suggestion``
- the output: ``terminal``, ``output`` (text or JSON), ``out_file`` (``--out``), ``display``, ``explain``,
  ``headlines``, ``word_diff``
- what they work on: ``deployed`` (a stack on AWS), ``local_stack`` (the emulator), ``embedded`` (this process),
  ``archive``, ``source_files``, ``console_deployments``, ``redrive_targets``
- the longer ones: ``dry_run`` of ``discover``, ``source_draft`` of ``new-source``, ``replay/`` of ``replay`` and
  ``rebuild``
"""
