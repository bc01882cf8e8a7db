@echo off
rem The command line of Rekindle. The prompt does not wait for a window program; a batch file does.
"%~dp0..\Rekindle.exe" cli %*
exit /b %ERRORLEVEL%
